# ruff: noqa: E501 - tables of junk read best unbroken
"""What every request passes before routing, and what every answer carries."""

import pytest

from app.core.edge.address import UNKNOWN, client_address, parse_networks
from app.core.settings import SettingsError
from tests.support.asgi import HOST, call, socket
from tests.support.edge_app import make_app, settings_of

APP = make_app(settings_of())
CLOSED = [{"type": "websocket.close", "code": 4403, "reason": ""}]


@pytest.mark.parametrize(
    "hosts",
    [[], ["evil.example"], [HOST, HOST], [HOST, "evil.example"], ["127.0.0.1"], [f"{HOST}.evil.example"], [""], ["\xff"],
     ["127.0.0.1:8080@evil.example"], ["127.0.0.1:80800"]],
)  # fmt: skip
async def test_anything_but_exactly_one_host_of_ours_is_refused_for_pages_and_sockets(hosts):
    headers = [("host", host) for host in hosts]

    page = await call(APP, "GET", "/page", host=None, headers=headers)
    live = await socket(APP, "/live", host=None, headers=[*headers, ("origin", f"http://{HOST}")])

    assert page.status == 400
    assert live == CLOSED


@pytest.mark.parametrize("host", [HOST, "LOCALHOST:8080", "[::1]:8080", "desk.example", "DESK.example:443"])
async def test_hosts_are_compared_without_case_and_with_the_port_of_their_scheme(host):
    app = make_app(settings_of(BASE_URL="https://desk.example"))

    assert (await call(app, "GET", "/page", host=host)).status == 200


@pytest.mark.parametrize(
    ("target", "status"),
    [("/%00", 404), ("/a%ff", 404), ("/..%2fetc", 404), ("/a/../page", 404), ("/a%5cb", 404), ("/a%0ab", 404),
     ("/" + "a" * 3000, 414), (b"/page?\xff", 400), ("/page?q=%00", 400), ("/page?" + "a=1&" * 20_000, 400),
     ("/api/things/" + "9" * 4000, 414), ("/api/things/" + "9" * 1000, 404), ("/api/things/x", 404),
     ("/page?q=%ff", 200)],
)  # fmt: skip
async def test_junk_addresses_are_refused(target, status):
    answer = await call(APP, "GET", target)

    assert answer.status in (status, 422 if "999" in str(target) else status)
    assert answer.error is None


async def test_every_answer_carries_the_security_headers():
    wanted = {
        "x-content-type-options": "nosniff",
        "referrer-policy": "strict-origin-when-cross-origin",
        "cross-origin-opener-policy": "same-origin",
        "cache-control": "no-store",
    }
    for target, host in (("/page", HOST), ("/nowhere", HOST), ("/page", "evil.example"), ("/api/mine", HOST)):
        answer = await call(APP, "GET", target, host=host)

        assert {name: answer.headers[name] for name in wanted} == wanted
        policy = answer.headers["content-security-policy"]
        assert "script-src 'self';" in policy
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "nonce" not in policy
        assert "strict-transport-security" not in answer.headers


async def test_a_handler_may_allow_caching_and_https_promises_to_stay():
    app = make_app(settings_of(BASE_URL="https://desk.example"))

    answer = await call(app, "GET", "/cached", host="desk.example")

    assert answer.headers["cache-control"] == "public, max-age=60"
    assert answer.headers["strict-transport-security"].startswith("max-age=63072000")
    assert "wss://desk.example" in answer.headers["content-security-policy"]
    assert "upgrade-insecure-requests" in answer.headers["content-security-policy"]


@pytest.mark.parametrize(
    ("given", "kept"), [("trace-1234", True), ("short", False), ("a b c d e f g", False), ("x" * 99, False)]
)
async def test_a_sane_request_id_is_kept_and_always_answered(given, kept):
    answer = await call(APP, "GET", "/address", headers=[("x-request-id", given)])

    assert answer.headers["x-request-id"] == answer.json["request_id"]
    assert (answer.json["request_id"] == given) is kept


@pytest.mark.parametrize(
    ("peer", "forwarded", "seen"),
    [
        ("203.0.113.9", ["1.2.3.4"], "203.0.113.9"),
        ("10.0.0.1", [], "10.0.0.1"),
        ("10.0.0.1", ["1.2.3.4"], "1.2.3.4"),
        ("10.0.0.1", ["6.6.6.6, 1.2.3.4"], "1.2.3.4"),
        ("10.0.0.1", ["6.6.6.6", "1.2.3.4, 10.0.0.2"], "1.2.3.4"),
        ("10.0.0.1", ["1.2.3.4, junk"], "10.0.0.1"),
        ("10.0.0.1", ["10.0.0.3"], "10.0.0.3"),
        ("10.0.0.1", ['"[2001:db8::1]:443"'], "2001:db8::1"),
        ("::ffff:10.0.0.1", ["1.2.3.4:5678"], "1.2.3.4"),
        (None, ["1.2.3.4"], UNKNOWN),
    ],
)
def test_the_client_is_the_rightmost_hop_that_is_not_our_proxy(peer, forwarded, seen):
    assert client_address(peer, forwarded, parse_networks("10.0.0.0/8, fd00::/8")) == seen


def test_a_malformed_proxy_list_stops_the_process_by_name():
    with pytest.raises(SettingsError, match="TRUSTED_PROXIES"):
        make_app(settings_of(TRUSTED_PROXIES="10.0.0.0/99"))
