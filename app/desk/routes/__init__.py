"""Every page of the desk, and the doors to it."""

from typing import Any

from app.desk.routes import branches, doors, home, invitations, mailbox, me, members, stock

ROUTES: list[Any] = [
    *doors.ROUTES,
    *invitations.ROUTES,
    *home.ROUTES,
    *me.ROUTES,
    *members.ROUTES,
    *stock.ROUTES,
    *branches.ROUTES,
    *mailbox.ROUTES,
]
