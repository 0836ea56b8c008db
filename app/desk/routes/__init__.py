"""Every page of the desk, and the doors to it."""

from typing import Any

from app.desk.routes import (
    answer_times,
    board,
    branches,
    doors,
    home,
    hours,
    inbox,
    inbox_changes,
    inbox_many,
    inbox_writing,
    invitations,
    leads_in,
    mailbox,
    me,
    members,
    notices,
    replies,
    special_days,
    stock,
    turns,
)

ROUTES: list[Any] = [
    *doors.ROUTES,
    *invitations.ROUTES,
    *home.ROUTES,
    *board.ROUTES,
    *me.ROUTES,
    *inbox.ROUTES,
    *inbox_changes.ROUTES,
    *inbox_writing.ROUTES,
    *inbox_many.ROUTES,
    *replies.ROUTES,
    *leads_in.ROUTES,
    *notices.ROUTES,
    *members.ROUTES,
    *stock.ROUTES,
    *turns.ROUTES,
    *branches.ROUTES,
    *hours.ROUTES,
    *special_days.ROUTES,
    *answer_times.ROUTES,
    *mailbox.ROUTES,
]
