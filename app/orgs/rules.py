"""Who may do what: roles and actions as data, and how far a member's own rights reach."""

from typing import Literal

OWNER, MANAGER, SALES, OPS, FINANCE, READONLY = "owner", "manager", "sales", "ops", "finance", "readonly"
ADMIN, MODERATOR = "admin", "moderator"
CAR_OWNER = "car_owner"

ROLES: dict[str, tuple[str, ...]] = {
    "dealer": (OWNER, MANAGER, SALES, OPS, FINANCE, READONLY),
    "platform": (ADMIN, MODERATOR),
    "person": (CAR_OWNER,),
}
EVERY_ROLE = tuple(role for roles in ROLES.values() for role in roles)

_DEALER = frozenset(ROLES["dealer"])
_PLATFORM = frozenset(ROLES["platform"])
_SELLERS = frozenset({OWNER, MANAGER, SALES})
_HEADS = frozenset({OWNER, MANAGER, ADMIN})
_COUNTERS = frozenset({OWNER, MANAGER, FINANCE})
_STOCKERS = frozenset({OWNER, MANAGER, OPS, SALES, CAR_OWNER})

MATRIX: dict[str, frozenset[str]] = {
    "org.read": frozenset(EVERY_ROLE),
    "org.change": frozenset({OWNER, ADMIN}),
    "org.close": frozenset({OWNER}),
    "branch.read": _DEALER | _PLATFORM,
    "branch.open": _HEADS,
    "branch.change": _HEADS,
    "branch.close": _HEADS,
    "member.read": _DEALER | _PLATFORM,
    "member.add": _HEADS,
    "member.change": _HEADS,
    "member.remove": _HEADS,
    "invitation.read": _HEADS,
    "invitation.send": _HEADS,
    "invitation.revoke": _HEADS,
    "listing.read": _DEALER | {CAR_OWNER},
    "listing.create": _STOCKERS,
    "listing.change": _STOCKERS,
    "listing.sell": _STOCKERS,
    "listing.publish": _STOCKERS - {SALES},
    "listing.archive": _STOCKERS - {SALES},
    "feed.read": _DEALER,
    "feed.run": frozenset({OWNER, MANAGER, OPS}),
    "feed.approve": frozenset({OWNER, MANAGER}),
    "outlet.read": frozenset({OWNER, MANAGER, OPS}),
    "outlet.change": frozenset({OWNER, MANAGER}),
    "listing_cost.read": _COUNTERS,
    "listing_cost.change": _COUNTERS,
    "stock_view.save": _DEALER,
    "stock_view.share": frozenset({OWNER, MANAGER}),
    "audit.read": frozenset({OWNER, MANAGER, ADMIN}),
    "audit.verify": frozenset({OWNER, ADMIN}),
    "lead.read": _DEALER,
    "lead.open": _DEALER - {READONLY},
    "lead.claim": _SELLERS,
    "lead.assign": _SELLERS,
    "lead.change": _SELLERS,
    "lead.reply": _SELLERS,
    "lead.note": _DEALER - {READONLY},
    "lead.merge": _SELLERS,
    "lead_round.change": frozenset({OWNER, MANAGER}),
    "lead_document.read": _DEALER - {READONLY},
    "lead_source.change": frozenset({OWNER, MANAGER}),
    "lead_view.save": _DEALER,
    "lead_view.share": frozenset({OWNER, MANAGER}),
    "board.read": _DEALER - {OPS},
    "screen.change": frozenset({OWNER, MANAGER}),
    "sla.read": _DEALER,
    "sla.change": frozenset({OWNER, MANAGER}),
    "notice.read": _DEALER,
    "notice.choose": _DEALER,
    "reply_template.read": _DEALER,
    "reply_template.change": frozenset({OWNER, MANAGER}),
    "webhook.read": frozenset({OWNER, MANAGER}),
    "webhook.change": frozenset({OWNER, MANAGER}),
    "platform.read": _PLATFORM,
}

# Whoever grants or takes a role must reach at least as high.
_REACH = {OWNER: 3, ADMIN: 3, MANAGER: 2, MODERATOR: 2, SALES: 1, OPS: 1, FINANCE: 1, READONLY: 0, CAR_OWNER: 0}
HEAD_ROLE = {"dealer": OWNER, "platform": ADMIN, "person": CAR_OWNER}

Clearance = Literal["desk", "desk+cost", "desk-contact"]


def may(role: str, action: str) -> bool:
    return role in MATRIX.get(action, ())


def reaches(role: str, other: str) -> bool:
    """Whether `role` may give, take or change `other`."""
    return _REACH.get(role, -1) >= _REACH.get(other, 99)


def belongs(role: str, org_kind: str) -> bool:
    return role in ROLES.get(org_kind, ())


def clearance(role: str) -> Clearance:
    """What a role sees of the same fragment: costs for those who answer for money, no contact for onlookers."""
    if role in (OWNER, MANAGER, FINANCE, ADMIN):
        return "desk+cost"
    return "desk-contact" if role == READONLY else "desk"


def masked(role: str) -> bool:
    """Whether contacts of people are hidden from this role."""
    return clearance(role) == "desk-contact"


def matrix_document() -> str:
    """The permission matrix as the page of the documentation; a test keeps the page and this the same."""
    head = f"| action | {' | '.join(EVERY_ROLE)} |"
    line = "|---" * (len(EVERY_ROLE) + 1) + "|"
    rows = [
        f"| `{action}` | {' | '.join('yes' if role in roles else '' for role in EVERY_ROLE)} |"
        for action, roles in MATRIX.items()
    ]
    return "\n".join(
        (
            "# Permissions",
            "",
            "Written by `desk openapi` from `app/orgs/rules.py`; do not edit. A test walks every route against it.",
            "",
            head,
            line,
            *rows,
            "",
            "A member acts only on members whose role reaches no higher than their own.",
            "",
        )
    )


def mask_email(address: str) -> str:
    """`a•••@example.pk`"""
    local, _, host = address.partition("@")
    return f"{local[:1]}•••@{host}" if host else ""


def mask_phone(number: str | None) -> str | None:
    """`+92•••••4567`: enough to recognise, too little to call."""
    return f"{number[:3]}•••••{number[-4:]}" if number else None
