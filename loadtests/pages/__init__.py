"""Measuring pages in a browser."""
