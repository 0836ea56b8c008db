"""Service levels: which answer is due when, counted in the hours a branch is open."""
