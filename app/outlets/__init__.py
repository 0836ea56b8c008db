"""Outlets: feeds of a dealer's cars that others fetch."""
