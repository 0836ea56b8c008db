"""What a log line holds, and what it must never hold."""

import io
import json
import logging

import pytest
import structlog

from app.core import settings as settings_module
from app.core.telemetry import VERSION, logs, redact


@pytest.fixture
def lines():
    stream = io.StringIO()
    before = logging.getLogger().handlers[:], logging.getLogger().level
    logs.install(settings_module.load({}), process="web", stream=stream)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    logs.begin()
    logging.getLogger().handlers[:], level = before
    logging.getLogger().setLevel(level)


def test_a_line_is_json_with_the_labels_loki_selects_by(lines):
    structlog.get_logger().info("job.done", job_id="1")

    (line,) = lines()
    assert line["event"] == "job.done"
    assert line["level"] == "info"
    assert (line["app"], line["env"], line["version"], line["process"]) == ("desk", "local", VERSION, "web")
    assert line["timestamp"].endswith("Z")


def test_what_a_library_logs_takes_the_same_road(lines):
    logging.getLogger("sqlalchemy.pool").warning("mail to %s failed", "ana@example.pk")

    (line,) = lines()
    assert line["event"] == "mail to [hidden] failed"
    assert line["logger"] == "sqlalchemy.pool"
    assert line["app"] == "desk"


def test_a_newline_in_a_value_cannot_forge_a_line(lines):
    structlog.get_logger().info("search", q='x\n{"event":"forged"}')

    assert len(lines()) == 1


def test_a_traceback_loses_the_values_that_sql_quotes(lines):
    try:
        raise ValueError(
            "duplicate key\nDETAIL:  Key (email)=(ana@example.pk) already exists.\n"
            "[SQL: insert into person]\n[parameters: ('Ana Khan', '0300 1234567')]"
        )
    except ValueError:
        structlog.get_logger().exception("fault")

    (line,) = lines()
    assert "ValueError" in line["exception"]
    assert "insert into person" in line["exception"]
    assert "Ana Khan" not in line["exception"]
    assert "1234567" not in line["exception"]
    assert "ana@example.pk" not in line["exception"]


@pytest.mark.parametrize(
    "phone",
    [
        "0300 1234567", "03001234567", "+923001234567", "00923001234567", "923001234567", "3001234567",
        "03 00-1234567", "+92 0300 1234567", "042-35761234", "+44 20 7946 0958",
    ],
)  # fmt: skip
def test_a_phone_number_is_hidden_in_every_form_people_write_it(phone):
    assert redact.clean(f"called {phone} twice") == "called [hidden] twice"


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("Authorization: Bearer abc.def-ghi123", "abc.def-ghi123"),
        ("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln", "c2ln"),
        ("GET /join?token=s3cr3t-link&lang=ur", "s3cr3t-link"),
        ("postgresql://desk:hunter2@db:5432/desk", "hunter2"),
        ("redis://:hunter2@cache:6379", "hunter2"),
        ("sid=0123456789abcdef; theme=dark", "0123456789abcdef"),
        ("35202-1234567-1", "1234567"),
    ],
)
def test_a_secret_inside_a_sentence_is_hidden(text, hidden):
    assert hidden not in redact.clean(text)


@pytest.mark.parametrize(
    "text",
    [
        "0199b2c4-7d1e-7c3a-9f00-3a1b2c3d4e5f", "2026-11-24T16:38:25.123456Z", "asking 4250000 rupees",
        "listing 104233-honda-civic-2021", "took 12.5 ms, 300 rows", "127.0.0.1:8080", "epoch 1732462705123",
    ],
)  # fmt: skip
def test_ids_times_and_prices_stay_readable(text):
    assert redact.clean(text) == text


def test_a_value_is_hidden_by_the_name_of_its_field_at_any_depth():
    event = redact.processor(
        None, "info", {"event": "x", "form": {"buyer_name": "Ana", "rows": [{"phone": 3001234567}]}, "password": "p"}
    )

    assert event == {
        "event": "x",
        "form": {"buyer_name": "[hidden]", "rows": [{"phone": "[hidden]"}]},
        "password": "[hidden]",
    }


def test_ids_of_secret_things_are_not_secret():
    assert redact.value("token_id", "7") == "7"
    assert redact.value("email_count", 3) == 3
