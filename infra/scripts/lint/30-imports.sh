lint-imports --no-cache
