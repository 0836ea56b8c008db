# One image for every role: `desk web`, `desk worker`, `desk migrate`. No servers inside, no development tools.
ARG PYTHON=3.12-slim-trixie

FROM python:${PYTHON} AS build
ENV UV_PYTHON_DOWNLOADS=never UV_LINK_MODE=copy UV_COMPILE_BYTECODE=1
RUN pip install --no-cache-dir --disable-pip-version-check uv==0.13.9
WORKDIR /srv/desk
# Dependencies change seldom: their layer comes first.
COPY pyproject.toml uv.lock README.md ./
RUN uv sync --frozen --no-dev --no-install-project
COPY . .
RUN uv sync --frozen --no-dev && .venv/bin/python infra/scripts/build_static.py

FROM python:${PYTHON}
ARG COMMIT=""
ENV PATH=/srv/desk/.venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    DESK_HOST=0.0.0.0 \
    DESK_DATA=/var/lib/desk \
    DESK_COMMIT=${COMMIT}
RUN groupadd --gid 10001 desk \
 && useradd --uid 10001 --gid desk --no-create-home --home-dir /var/lib/desk --shell /usr/sbin/nologin desk \
 && install --directory --owner desk --group desk /var/lib/desk
WORKDIR /srv/desk
COPY --from=build /srv/desk /srv/desk
USER 10001:10001
EXPOSE 8080 9104
STOPSIGNAL SIGTERM
CMD ["desk", "web"]
