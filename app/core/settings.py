"""The one typed picture of the environment, read once per process."""

import base64
import binascii
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

import msgspec
from msgspec import Meta, Struct

Secret = Annotated[str, Meta(min_length=32)]
Port = Annotated[int, Meta(ge=0, le=65535)]
Origin = Annotated[str, Meta(pattern=r"^https?://[^/\s]+$")]
BucketUrl = Annotated[str, Meta(pattern=r"^s3://[a-z0-9][a-z0-9.-]+(/[A-Za-z0-9._/-]*)?(\?region=[a-z0-9-]+)?$")]
Package = Annotated[str, Meta(pattern=r"^[A-Za-z][\w.]+$")]
StoreNumber = Annotated[str, Meta(pattern=r"^[0-9]{5,15}$")]
Environment = Literal["local", "staging", "production"]

# Used only when nothing is configured outside production; production refuses to boot with any of them.
_LOCAL_SECRETS = {
    "SECRET_KEY": "local-only-secret-key-not-for-production-0001",
    "JWT_SECRET": "local-only-jwt-secret-not-for-production-0002",
    "JWT_REFRESH_SECRET": "local-only-jwt-refresh-not-for-production-03",
    "INDEX_KEY": "local-only-index-key-not-for-production-00004",
    "PII_KEYS": "local:" + base64.b64encode(b"local-only-pii-key-32-bytes-long").decode(),
}


class SettingsError(Exception):
    """A variable is missing or malformed; the message is one line that names it."""


class Settings(Struct, frozen=True, kw_only=True, rename="upper"):
    """Each field is the environment variable of the same name in capitals; `.env.example` documents them."""

    env: Annotated[Environment, Meta(description="Which profile: local, staging or production.")] = "local"
    desk_demo: Annotated[bool, Meta(description="Demo accounts, demo stock and /dev pages.")] = False
    desk_port: Annotated[Port, Meta(description="Port of the web process.")] = 8080
    desk_host: Annotated[str, Meta(description="Address the web process binds.")] = "127.0.0.1"
    desk_data: Annotated[Path, Meta(description="Directory of the embedded servers, pid file and local files.")] = Path(
        ".desk"
    )
    desk_pg_bin: Annotated[
        Path | None, Meta(description="Directory of postgres and initdb; absent: the wheel's, then the system's.")
    ] = None
    desk_pg_os_user: Annotated[
        str | None,
        Meta(description="Account of PostgreSQL under root; absent: postgres, nobody or daemon."),
    ] = None
    desk_redis_bin: Annotated[
        Path | None, Meta(description="A valkey-server or redis-server; absent: the wheel's, then the system's.")
    ] = None
    base_url: Annotated[
        str, Meta(pattern=r"^https?://[^/\s]+$", description="Public origin, used in mails and checks.")
    ] = "http://127.0.0.1:8080"
    allowed_hosts: Annotated[str, Meta(description="Further host names, comma separated, with or without port.")] = ""
    trusted_proxies: Annotated[
        str, Meta(description="Networks whose X-Forwarded-For is believed, comma separated.")
    ] = ""
    rate_factor: Annotated[
        float, Meta(ge=0.01, le=100_000, description="Multiplies every rate limit; benchmarks raise it.")
    ] = 1.0
    database_url: Annotated[str | None, Meta(description="PostgreSQL as desk_app; absent: the embedded server.")] = None
    database_system_url: Annotated[str | None, Meta(description="PostgreSQL as desk_system; default DATABASE_URL.")] = (
        None
    )
    database_owner_url: Annotated[str | None, Meta(description="PostgreSQL for migrations; default DATABASE_URL.")] = (
        None
    )
    database_pool: Annotated[
        int, Meta(ge=1, le=200, description="Connections of the application pool per process.")
    ] = 12
    redis_url: Annotated[str | None, Meta(description="Redis or Valkey; absent: the embedded server.")] = None
    meili_url: Annotated[str | None, Meta(description="Meilisearch; absent: PostgreSQL searches.")] = None
    meili_master_key: Annotated[str | None, Meta(description="Key of Meilisearch.")] = None
    secret_key: Annotated[Secret, Meta(description="Signs CSRF tokens, cursors and links.")]
    jwt_secret: Annotated[Secret, Meta(description="Signs access tokens (HS256).")]
    jwt_refresh_secret: Annotated[Secret, Meta(description="Signs refresh tokens (HS256).")]
    jwt_secret_previous: Annotated[Secret | None, Meta(description="Still verifies access tokens during rotation.")] = (
        None
    )
    jwt_refresh_secret_previous: Annotated[
        Secret | None, Meta(description="Still verifies refresh tokens during rotation.")
    ] = None
    index_key: Annotated[Secret, Meta(description="Key of the blind indexes over personal data.")]
    pii_keys: Annotated[str, Meta(description="id:base64 of 32 bytes, comma separated; the first encrypts.")]
    email_smtp_url: Annotated[
        str | None, Meta(description="smtp[s]://user:password@host:port; absent: mail stays in memory.")
    ] = None
    sms_rupees_per_part: Annotated[
        float, Meta(ge=0, le=1000, description="What the gateway takes for one part of an SMS, shown while one writes.")
    ] = 2.5
    mail_from: Annotated[str, Meta(description="Sender of our mails.")] = "Autotrader.pk <desk@autotrader.pk>"
    contact_email: Annotated[str | None, Meta(description="Where visitors may write to; absent: MAIL_FROM.")] = None
    adf_smtp_port: Annotated[Port, Meta(description="Port where the worker takes lead mails in; 0: none.")] = 0
    adf_smtp_host: Annotated[str, Meta(description="Address that port binds.")] = "127.0.0.1"
    adf_mail_domain: Annotated[
        str, Meta(pattern=r"^[a-z0-9.-]*$", description="Domain of the addresses for lead mails; absent: links only.")
    ] = ""
    keep_lead_documents_days: Annotated[
        int, Meta(ge=1, le=3650, description="Days that lead documents (ADF) are kept as they came; their leads stay.")
    ] = 180
    keep_sheets_days: Annotated[
        int, Meta(ge=1, le=3650, description="Days that imported sheets are kept; what they brought stays.")
    ] = 90
    admin_email: Annotated[str | None, Meta(description="The first admin of the platform, made by `desk seed`.")] = None
    admin_password: Annotated[str | None, Meta(description="Their first password, at least 10 characters.")] = None
    storage_url: Annotated[
        BucketUrl | None,
        Meta(description="s3://bucket/prefix?region=name for uploads and pictures; absent: files in DESK_DATA."),
    ] = None
    media_endpoint: Annotated[Origin | None, Meta(description="Address of that storage where it is not Amazon's.")] = (
        None
    )
    cdn_base_url: Annotated[
        Origin | None, Meta(description="Where browsers get public pictures; a CDN that asks us for /media/.")
    ] = None
    media_access_key: Annotated[str | None, Meta(description="Access key of that storage.")] = None
    media_secret_key: Annotated[str | None, Meta(description="Secret key of that storage.")] = None
    mobile_base_url: Annotated[
        Origin | None, Meta(description="Origin of pages for small screens; named as the alternate of ours.")
    ] = None
    android_package: Annotated[Package | None, Meta(description="Our Android app, named on public pages.")] = None
    ios_app_id: Annotated[
        StoreNumber | None, Meta(description="Our app's number in Apple's store, named likewise.")
    ] = None
    app_scheme: Annotated[
        str, Meta(pattern=r"^[a-z][a-z0-9+.-]*$", description="Scheme of the addresses those apps open.")
    ] = "automart"
    outgoing_allow: Annotated[
        str,
        Meta(
            pattern=r"^\s*([\w.:\[\]-]+:[0-9]{1,5}\s*(,\s*[\w.:\[\]-]+:[0-9]{1,5}\s*)*)?$",
            description="host:port of vendors on inner addresses that outgoing HTTP may reach, comma separated.",
        ),
    ] = ""
    otel_exporter_otlp_endpoint: Annotated[str | None, Meta(description="OTLP over HTTP; absent: no traces.")] = None
    worker_metrics_port: Annotated[Port, Meta(description="Port of the worker's /metrics and /healthz; 0: none.")] = (
        9104
    )
    log_level: Annotated[Literal["debug", "info", "warning", "error"], Meta(description="Least level logged.")] = "info"
    live_hub: Annotated[Literal["raw", "portable"], Meta(description="How the live hub writes to sockets.")] = "raw"
    default_language: Annotated[Literal["en", "ur"], Meta(description="Language of a visitor who chose none.")] = "en"

    @property
    def production(self) -> bool:
        return self.env == "production"

    @property
    def secure(self) -> bool:
        """Cookies are Secure and carry the __Host- prefix."""
        return self.base_url.startswith("https://")

    @property
    def bucket_origin(self) -> str | None:
        """Where browsers send their uploads, if not to us."""
        if self.storage_url is None:
            return None
        parts = urlsplit(self.storage_url)
        region = parts.query.partition("=")[2] or "us-east-1"
        return self.media_endpoint or f"https://{parts.netloc}.s3.{region}.amazonaws.com"

    @property
    def pii_key_ring(self) -> dict[str, bytes]:
        return _key_ring(self.pii_keys)


def variables() -> dict[str, str]:
    """Every variable with its sentence, for `.env.example` and `desk doctor`."""
    return {field.encode_name: _description(field.type) for field in msgspec.structs.fields(Settings)}


def load(environ: Mapping[str, str]) -> Settings:
    """Read and check every variable.

    Raises SettingsError naming the variable. An empty value counts as absent.
    """
    given = {name: environ[name] for name in variables() if environ.get(name)}
    if given.get("ENV", "local") != "production":
        given = {**_LOCAL_SECRETS, **given}
    for name in _LOCAL_SECRETS:
        if name not in given:
            raise SettingsError(f"{name} is not set")
    for field in msgspec.structs.fields(Settings):
        if field.encode_name in given:
            try:
                msgspec.convert(given[field.encode_name], field.type, strict=False, dec_hook=_from_text)
            except msgspec.ValidationError as error:
                raise SettingsError(f"{field.encode_name} is malformed: {error}") from None
    loaded = msgspec.convert(given, Settings, strict=False, dec_hook=_from_text)
    _check(loaded)
    return loaded


_current: Settings | None = None


def install(settings: Settings) -> None:
    """Make `settings` those of this process."""
    global _current
    _current = settings


def current() -> Settings:
    """The settings of this process: installed by whoever started it, else read from the environment once."""
    global _current
    if _current is None:
        _current = load(os.environ)
    return _current


def _from_text(kind: type, value: object) -> object:
    if kind is Path:
        return Path(str(value))
    raise TypeError(kind)


def _check(loaded: Settings) -> None:
    _key_ring(loaded.pii_keys)
    secrets = (loaded.secret_key, loaded.jwt_secret, loaded.jwt_refresh_secret, loaded.index_key)
    if len(set(secrets)) != len(secrets):
        raise SettingsError("SECRET_KEY, JWT_SECRET, JWT_REFRESH_SECRET and INDEX_KEY must differ")
    for name in ("DATABASE_URL", "DATABASE_SYSTEM_URL", "DATABASE_OWNER_URL"):
        url = getattr(loaded, name.lower())
        if url and not url.startswith(("postgresql://", "postgresql+asyncpg://", "postgres://")):
            raise SettingsError(f"{name} is malformed: expected postgresql://…")
    if loaded.redis_url and not loaded.redis_url.startswith(("redis://", "rediss://", "unix://")):
        raise SettingsError("REDIS_URL is malformed: expected redis://…")
    if loaded.storage_url and not (loaded.media_access_key and loaded.media_secret_key):
        raise SettingsError("MEDIA_ACCESS_KEY and MEDIA_SECRET_KEY are not set, but STORAGE_URL is")
    if loaded.adf_smtp_port and not loaded.adf_mail_domain:
        raise SettingsError("ADF_MAIL_DOMAIN is not set, but ADF_SMTP_PORT is")
    if not loaded.production:
        return
    if loaded.desk_demo:
        raise SettingsError("DESK_DEMO cannot be on when ENV is production")
    if not loaded.secure:
        raise SettingsError("BASE_URL must be https:// when ENV is production")
    for name in ("DATABASE_URL", "REDIS_URL"):
        if getattr(loaded, name.lower()) is None:
            raise SettingsError(f"{name} is not set")
    for name, local in _LOCAL_SECRETS.items():
        if getattr(loaded, name.lower()) == local:
            raise SettingsError(f"{name} still has its local value")


def _key_ring(value: str) -> dict[str, bytes]:
    ring: dict[str, bytes] = {}
    for item in value.split(","):
        key_id, _, encoded = item.strip().partition(":")
        try:
            key = base64.b64decode(encoded, validate=True)
        except binascii.Error:
            key = b""
        if not key_id or len(key_id) > 12 or len(key) != 32 or key_id in ring:
            raise SettingsError("PII_KEYS is malformed: expected id:base64 of 32 bytes, each id once")
        ring[key_id] = key
    return ring


def _description(hint: object) -> str:
    for meta in getattr(hint, "__metadata__", ()):
        if isinstance(meta, Meta) and meta.description:
            return meta.description
    return ""
