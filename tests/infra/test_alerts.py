"""Every alert asks for a metric that exists and has its page in the runbook."""

import re
from pathlib import Path

import yaml

from app.core.telemetry import metrics
from jobs import figures

INFRA = Path(__file__).parents[2] / "infra"


def rules() -> list[dict[str, str]]:
    found = yaml.safe_load((INFRA / "grafana" / "alerts.yaml").read_text("utf-8"))
    return [rule for group in found["groups"] for rule in group["rules"]]


def test_alerts_name_metrics_that_there_are() -> None:
    assert figures.OVERDUE
    known = {family.name for family in metrics.REGISTRY.collect()}

    assert {name for rule in rules() for name in re.findall(r"\bdesk_\w+", rule["expr"])} <= known


def test_every_alert_has_a_page_in_the_runbook() -> None:
    runbook = (INFRA / "docs" / "runbook.md").read_text("utf-8")

    for rule in rules():
        assert f"\n### {rule['alert']}\n" in runbook
        assert rule["annotations"]["runbook"].endswith(f"#{rule['alert'].lower()}")
