"""What the edge refuses before any handler sees the request."""

from app.core.errors import Refused


class BadRequest(Refused, status=400, code="bad_request", says="We could not read that request."):
    pass


class BadHost(Refused, status=400, code="bad_host", says="This address is not served here."):
    pass


class BadOrigin(Refused, status=403, code="bad_origin", says="That request came from another site."):
    pass


class BadToken(Refused, status=403, code="csrf", says="This page is out of date. Reload it and try again."):
    pass


class PathUnknown(Refused, status=404, code="not_found", says="We could not find that."):
    pass


class TooSlow(Refused, status=408, code="too_slow", says="The request took too long to arrive."):
    pass


class TooLarge(Refused, status=413, code="too_large", says="That is too large."):
    pass


class UriTooLong(Refused, status=414, code="uri_too_long", says="That address is too long."):
    pass


class WrongType(Refused, status=415, code="unsupported_type", says="We do not accept that kind of content here."):
    pass


class TooMany(Refused, status=429, code="too_many", says="Too many requests. Wait a moment and try again."):
    """`retry_after` is in whole seconds."""
