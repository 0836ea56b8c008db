"""Refusals of pictures, and the words for why one failed."""

from collections.abc import Mapping

from app.core.errors import NotFound, Refused
from app.core.i18n import _


class MediaGone(NotFound, code="media_gone", says="This picture is no longer here."):
    pass


class TooManyPictures(Refused, status=422, code="too_many_pictures", says="A car can have at most 12 pictures."):
    pass


class NotAPicture(
    Refused, status=415, code="not_a_picture", says="This is no picture we can take: JPEG, PNG, WebP, AVIF or GIF only."
):
    pass


class PictureTooLarge(Refused, status=413, code="too_large", says="This picture is larger than 20 MB."):
    pass


class TooManyPixels(Refused, status=422, code="too_many_pixels", says="This picture has too many pixels."):
    pass


class PictureTooSmall(Refused, status=422, code="too_small", says="This picture is too small to show a car."):
    pass


class UploadMissing(Refused, status=422, code="upload_missing", says="This upload has not arrived. Send it again."):
    pass


class UploadUsed(Refused, status=409, code="upload_used", says="This upload belongs to a picture already."):
    pass


class UploadExpired(Refused, status=403, code="upload_expired", says="This upload form is no longer valid."):
    pass


class StorageAway(
    Refused, status=503, code="storage_away", says="Pictures cannot be reached at the moment. Try again shortly."
):
    pass


class OrderStale(Refused, status=409, code="order_stale", says="The pictures have changed meanwhile. Look again."):
    pass


class NotFailed(Refused, status=409, code="not_failed", says="This picture did not fail."):
    pass


REASONS: Mapping[str, str] = {
    "not_a_picture": NotAPicture.says,
    "too_large": PictureTooLarge.says,
    "too_many_pixels": TooManyPixels.says,
    "too_small": PictureTooSmall.says,
    "upload_missing": UploadMissing.says,
    "too_many_frames": _("This is a film, not a picture."),
    "too_heavy": _("This picture takes too much to open."),
    "broken": _("This file is broken and cannot be opened."),
    "checksum_differs": _("What arrived is not what was sent. Send it again."),
    "same_picture": _("This car has this picture already."),
    "url_not_allowed": _("That address cannot be used."),
    "redirected": _("That address leads elsewhere. Give the final one."),
    "fetch_timeout": _("The other server was too slow."),
    "fetch_failed": _("The other server did not give the picture."),
}
"""Why a picture failed, by the code it keeps, in words for the person who sent it."""
