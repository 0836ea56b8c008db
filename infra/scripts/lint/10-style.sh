ruff check --quiet . && ruff format --quiet --check .
