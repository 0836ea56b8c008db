"""The fault run: writers and workers at their trade while everything under them is killed, frozen and emptied."""
