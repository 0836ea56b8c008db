"""Forms that a browser may post to a bucket: a policy of what it may send until when, with Amazon's signature."""

import base64
import hashlib
import hmac
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import msgspec

from app.core import clock


def signed(
    fields: Mapping[str, str], conditions: Sequence[Any], keys: tuple[str, str], region: str, within_s: int
) -> dict[str, str]:
    """The form's fields: `fields` must come back as they are, and `conditions` must hold. `keys`: access and secret."""
    access, secret = keys
    now = clock.now()
    day = f"{now:%Y%m%d}"
    exact = {
        **fields,
        "x-amz-algorithm": "AWS4-HMAC-SHA256",
        "x-amz-credential": f"{access}/{day}/{region}/s3/aws4_request",
        "x-amz-date": f"{now:%Y%m%dT%H%M%SZ}",
    }
    policy = {
        "expiration": f"{now + timedelta(seconds=within_s):%Y-%m-%dT%H:%M:%SZ}",
        "conditions": [*({name: value} for name, value in exact.items()), *conditions],
    }
    encoded = base64.b64encode(msgspec.json.encode(policy)).decode()
    return {**exact, "policy": encoded, "x-amz-signature": signature(secret, day, region, encoded)}


def signature(secret: str, day: str, region: str, text: str) -> str:
    """Version 4, for S3."""
    key = f"AWS4{secret}".encode()
    for part in (day, region, "s3", "aws4_request"):
        key = hmac.digest(key, part.encode(), "sha256")
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
