#!/usr/bin/env bash
# install.sh PYTHON VENV [GROUP]: make VENV hold exactly what uv.lock says, all of it or one dependency group.
# With the uv of this machine or one of our own.
set -euo pipefail
python=$1 venv=$2 group=${3:-}
uv_version=0.13.9 uv_oldest=0.9
tools=.tools
cd "$(dirname "$0")/../.."

fail() { echo "install: $*" >&2; exit 2; }

command -v "$python" >/dev/null || fail "$python was not found: install Python 3.11 or newer, or say PYTHON=/path/to/python3"
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || fail "$python is older than 3.11: say PYTHON=/path/to/a/newer/one"

new_enough() {
  local said
  said=$("$1" --version 2>/dev/null) || return 1
  [ "$(printf '%s\n' "$uv_oldest" "$(cut -d' ' -f2 <<<"$said")" | sort -V | head -n 1)" = "$uv_oldest" ]
}

uv=$(command -v uv || true)
if [ -z "$uv" ] || ! new_enough "$uv"; then
  uv=$tools/bin/uv
  if ! new_enough "$uv"; then
    echo "installing uv $uv_version into $tools"
    "$python" -m venv --clear "$tools" >/dev/null || fail "$python cannot make a venv: on Debian, apt install python3-venv"
    "$tools/bin/python" -m pip install --quiet --disable-pip-version-check "uv==$uv_version" || fail "uv $uv_version could not be installed"
  fi
fi

[ -w "${HOME:-/nonexistent}" ] || export UV_CACHE_DIR="$PWD/$tools/cache"
echo "installing the locked dependencies into $venv"
export UV_PROJECT_ENVIRONMENT="$venv"
sync() {
  # Compiled here once: servers start faster, also where PYTHONDONTWRITEBYTECODE is set or the tree is read-only.
  "$uv" sync --frozen --quiet --compile-bytecode --python "$(command -v "$python")" ${group:+--only-group "$group"}
}
# uv brings its own certificates; behind a company's proxy the right ones are the system's.
said=$(sync 2>&1) || UV_SYSTEM_CERTS=true UV_NATIVE_TLS=true sync 2>/dev/null || {
  echo "$said" >&2
  fail "the locked dependencies could not be installed into $venv"
}
