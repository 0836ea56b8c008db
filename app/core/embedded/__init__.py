"""PostgreSQL and Valkey from their wheels, and the supervisor of `desk dev`."""
