"""Structs at the edges of pictures: forms in; rows for those who keep them and pictures for those who look out."""

from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct

from app.core.bounds import Input
from app.core.ids import Id

Checksum = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}$", description="SHA-256 of the file, in hex.")]
Url = Annotated[str, Meta(min_length=8, max_length=2000)]
Key = Annotated[str, Meta(min_length=1, max_length=120)]
State = Literal["waiting", "ready", "failed"]


class UploadForm(Input, frozen=True, kw_only=True):
    """What is going to be sent: its media type and, where known, its size."""

    content_type: Annotated[str, Meta(max_length=60)] = "image/jpeg"
    bytes: Annotated[int, Meta(ge=0, le=10**12)] | None = None


class UploadTicket(Struct, frozen=True, kw_only=True):
    """Post `fields`, then the file as the last field `file`, to `url`; then name `key` to the listing."""

    url: str
    fields: dict[str, str]
    key: str
    expires_in: int
    most_bytes: int


class MediaForm(Input, frozen=True, kw_only=True):
    """A picture to add: the `key` of an upload, or the `url` of one for us to fetch."""

    key: Key | None = None
    url: Url | None = None
    checksum: Checksum | None = None


class OrderForm(Input, frozen=True, kw_only=True):
    """Every picture of the listing, the cover first."""

    order: Annotated[list[Id], Meta(max_length=50)]


class Picture(Struct, frozen=True, kw_only=True):
    """A picture as a page shows it. `avif`, `webp` and `jpeg` are srcsets; `drawn`: ours, not a photo."""

    id: Id
    url: str
    width: int
    height: int
    avif: str
    webp: str
    jpeg: str
    drawn: bool


class MediaRow(Struct, frozen=True, kw_only=True):
    """A picture as those who keep it see it. `order` counts from 0, the cover."""

    id: Id
    listing_id: Id
    type: str
    url: str | None
    width: int | None
    height: int | None
    order: int
    checksum: str | None
    state: State
    error: str | None
    reason: str | None
    quality: int | None
    source: str
    source_url: str | None
    created_at: datetime
    picture: Picture | None


class StoredFile(Struct, frozen=True):
    """One rendition: where it lies, and what it is."""

    name: str
    format: str
    width: int
    height: int
    bytes: int
    sha256: str
    key: str
