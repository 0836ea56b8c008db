"""The permission matrix and what follows from it."""

from pathlib import Path

import pytest

from app.orgs import rules

PAGE = Path(__file__).resolve().parents[2] / "infra" / "docs" / "permissions.md"


def test_the_page_of_the_docs_is_the_matrix() -> None:
    assert PAGE.read_text(encoding="utf-8") == rules.matrix_document()


def test_every_role_of_the_matrix_exists() -> None:
    assert {role for roles in rules.MATRIX.values() for role in roles} <= set(rules.EVERY_ROLE)


def test_what_the_matrix_does_not_name_nobody_may() -> None:
    assert not any(rules.may(role, "org.burn") for role in rules.EVERY_ROLE)
    assert not rules.may("superuser", "org.read")


@pytest.mark.parametrize(
    ("role", "other", "reaches"),
    [
        ("owner", "owner", True),
        ("manager", "owner", False),
        ("manager", "manager", True),
        ("sales", "readonly", True),
        ("sales", "manager", False),
        ("readonly", "sales", False),
        ("admin", "moderator", True),
        ("moderator", "admin", False),
        ("owner", "superuser", False),
        ("superuser", "readonly", False),
    ],
)
def test_nobody_reaches_above_themselves(role: str, other: str, reaches: bool) -> None:
    assert rules.reaches(role, other) is reaches


def test_onlookers_see_contacts_masked() -> None:
    assert rules.mask_email("ana@example.pk") == "a•••@example.pk"
    assert rules.mask_phone("+923001234567") == "+92•••••4567"
    assert [role for role in rules.EVERY_ROLE if rules.masked(role)] == ["readonly"]
