"""Refusals of sign-in, sessions and profiles."""

from app.core.errors import Refused


class WrongCredentials(
    Refused, status=401, code="wrong_credentials", says="The e-mail address or the password is not right."
):
    """One answer for an unknown person, a wrong password and a closed account."""


class TokenRefused(Refused, status=401, code="invalid_token", says="Please sign in again."):
    pass


class FamilyRevoked(Refused, status=401, code="family_revoked", says="Please sign in again."):
    """A refresh token came back after its child was used: somebody has a copy, so all of them ended."""


class ResetRefused(
    Refused, status=410, code="link_used_up", says="This link has expired or was used already. Ask for a new one."
):
    pass
