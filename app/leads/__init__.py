"""Leads: people who want a car of ours, what was said to them, and who looks after them."""
