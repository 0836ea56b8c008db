"""What happens to people, told in their own org, and to sessions, told in the org they act in."""

from app.core.events import Fact
from app.core.ids import Id


class UserRegistered(Fact, tag="user.registered", frozen=True, kw_only=True):
    pass


class UserChanged(Fact, tag="user.changed", frozen=True, kw_only=True):
    """E-mail, phone, name or a preference."""


class UserClosed(Fact, tag="user.closed", frozen=True, kw_only=True):
    pass


class ProfileChanged(Fact, tag="profile.changed", frozen=True, kw_only=True):
    pass


class PasswordChanged(Fact, tag="password.changed", frozen=True, kw_only=True):
    pass


class PasswordResetAsked(Fact, tag="password.reset_asked", frozen=True, kw_only=True):
    """`id` is the reset's."""

    user_id: Id


class SessionStarted(Fact, tag="session.started", frozen=True, kw_only=True):
    user_id: Id


class SessionEnded(Fact, tag="session.ended", frozen=True, kw_only=True):
    user_id: Id
    reason: str
