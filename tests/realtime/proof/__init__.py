"""A small board of notes on the real hub: the least application that can prove the live road."""
