"""Figures of the desk: boards of branches and of the whole org."""
