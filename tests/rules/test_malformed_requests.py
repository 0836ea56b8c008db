"""A small share of the 100,000 malformed requests of loadtests/fuzz_requests.py, over every route with its database."""

import structlog

from app.core import settings as process_settings
from loadtests import fuzz_requests
from tests.support.api import cheap_passwords
from tests.support.proofs import in_two_sizes


@in_two_sizes("requests", sample=400, whole=5000)
async def test_no_malformed_request_is_answered_with_5xx(settings, requests):
    cheap_passwords()
    wide_open = fuzz_requests.load_like(settings)
    process_settings.install(wide_open)
    before = structlog.get_config()
    try:
        outcome = await fuzz_requests.run(wide_open, requests=requests, seed=7)
    finally:
        structlog.configure(**before)

    assert outcome.examples == []
    assert outcome.five_xx == 0
    assert outcome.hangs == 0
    assert outcome.signed_in > 0
    assert len(outcome.by_status) > 10
