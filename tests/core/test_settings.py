"""Settings: a missing or malformed variable stops the process and is named."""

import pytest

from app.core.settings import SettingsError, load

PRODUCTION = {
    "ENV": "production",
    "BASE_URL": "https://autotrader.example",
    "DATABASE_URL": "postgresql://desk_app@db/desk",
    "REDIS_URL": "redis://cache/0",
    "SECRET_KEY": "s" * 40,
    "JWT_SECRET": "j" * 40,
    "JWT_REFRESH_SECRET": "r" * 40,
    "INDEX_KEY": "i" * 40,
    "PII_KEYS": "k1:" + "A" * 43 + "=",
}


def test_local_profile_needs_nothing():
    assert load({}).env == "local"


def test_production_profile_boots_when_all_is_given():
    assert load(PRODUCTION).secure


@pytest.mark.parametrize("name", ["BASE_URL", "DATABASE_URL", "REDIS_URL", "SECRET_KEY", "JWT_SECRET", "PII_KEYS"])
def test_missing_variable_is_named_in_production(name: str):
    with pytest.raises(SettingsError, match=name):
        load({key: value for key, value in PRODUCTION.items() if key != name})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DESK_PORT", "eighty"),
        ("DESK_PORT", "70000"),
        ("ENV", "prod"),
        ("DATABASE_URL", "mysql://x"),
        ("STORAGE_URL", "s3:bucket"),
        ("MEDIA_ENDPOINT", "minio:9000"),
        ("REDIS_URL", "http://x"),
        ("BASE_URL", "autotrader.pk"),
        ("SECRET_KEY", "short"),
        ("PII_KEYS", "k1:notbase64!"),
        ("PII_KEYS", "k1:AAAA"),
        ("DESK_DEMO", "perhaps"),
        ("LOG_LEVEL", "loud"),
    ],
)
def test_malformed_variable_is_named(name: str, value: str):
    with pytest.raises(SettingsError, match=name):
        load({name: value})


def test_production_refuses_demo_and_local_secrets():
    with pytest.raises(SettingsError, match="DESK_DEMO"):
        load({**PRODUCTION, "DESK_DEMO": "1"})
    with pytest.raises(SettingsError, match="JWT_SECRET"):
        load({**PRODUCTION, "JWT_SECRET": "local-only-jwt-secret-not-for-production-0002"})


def test_two_secrets_must_differ():
    with pytest.raises(SettingsError, match="must differ"):
        load({**PRODUCTION, "INDEX_KEY": PRODUCTION["SECRET_KEY"]})
