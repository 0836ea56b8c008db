"""Every change to people and their sessions."""

from app.accounts.service.passwords import ask_reset, change_password, check_password, new_hash, reset_password
from app.accounts.service.people import add_person, change_person, change_profile, close_person, e164
from app.accounts.service.sessions import (
    end_my_session,
    end_my_sessions,
    end_sessions_in_org,
    forget_resets,
    forget_sessions,
    renew_sessions_in_org,
    start_session,
)
from app.accounts.service.sign_in import check_credentials, first_tokens, refresh, sign_in_person, sign_out

__all__ = [
    "add_person",
    "ask_reset",
    "change_password",
    "change_person",
    "change_profile",
    "check_credentials",
    "check_password",
    "close_person",
    "e164",
    "end_my_session",
    "end_my_sessions",
    "end_sessions_in_org",
    "first_tokens",
    "forget_resets",
    "forget_sessions",
    "new_hash",
    "refresh",
    "renew_sessions_in_org",
    "reset_password",
    "sign_in_person",
    "sign_out",
    "start_session",
]
