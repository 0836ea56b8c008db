"""Finding cars on the market: what a question means, which engine answers it, what to suggest meanwhile."""
