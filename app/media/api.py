"""JSON of uploads: a form to send a picture with."""

from litestar import post
from litestar.params import JSONBody

from app.adapters import storage
from app.core.asks import Who
from app.core.ids import Id, new_id
from app.core.settings import current
from app.media import rules
from app.media.errors import NotAPicture, PictureTooLarge
from app.media.schemas import UploadForm, UploadTicket


@post("/uploads/presign", access="org:listing.change", status_code=200)
async def create_upload(who: Who, data: JSONBody[UploadForm]) -> UploadTicket:
    """A form for one picture, for an hour: to the bucket where there is one, else to us."""
    return ticket(who.org_id, data)


def ticket(org_id: Id, form: UploadForm) -> UploadTicket:
    """Raises NotAPicture, PictureTooLarge."""
    kind = form.content_type.lower()
    if kind not in rules.KINDS:
        raise NotAPicture
    if form.bytes is not None and form.bytes > rules.MOST_BYTES:
        raise PictureTooLarge
    key = rules.upload_key(org_id, new_id())
    kept = storage.installed(current())
    made = kept.presign_upload(key, kind=kind, most_bytes=rules.MOST_BYTES, within_s=rules.SENT_WITHIN_S)
    return UploadTicket(
        url=made.url, fields=made.fields, key=key, expires_in=rules.SENT_WITHIN_S, most_bytes=rules.MOST_BYTES
    )


ROUTES = (create_upload,)
