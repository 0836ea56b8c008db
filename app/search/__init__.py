"""Finding cars on the market."""
