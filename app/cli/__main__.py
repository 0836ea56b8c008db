"""`python -m app.cli`, which is how the supervisor starts its children."""

from app.cli import main

main()
