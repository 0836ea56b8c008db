"""Tokens signed by us; the only module that knows python-jose."""

from jose import jwt

__all__ = ["jwt"]
