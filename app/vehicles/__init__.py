"""The vehicle catalogue: makes, models, trims and years. Reference data: no org owns it, everybody reads it."""
