"""Stock that comes in sheets and goes out in feeds."""
