# Against a database of its own: every revision up, then models and schema compared.
data=$(mktemp -d) && chmod 711 "$data" && trap 'rm -rf "$data"' EXIT
env -u DATABASE_URL -u DATABASE_OWNER_URL -u DATABASE_SYSTEM_URL -u REDIS_URL DESK_DATA="$data" desk migrate --check
