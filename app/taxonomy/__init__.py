"""Where things are and what they are: the places of Pakistan. Reference data: no org owns it, everybody reads it."""
