"""Parsers of what strangers send, fed with files that went bad, each in a process of its own."""
