"""Notices: what reaches one person of what happened, where and when."""
