"""Passwords of ten characters and more that anybody would try first: common stems with the endings people add."""

from importlib.resources import files

COMMON = frozenset(files("app.accounts").joinpath("common_passwords.txt").read_text().split())
