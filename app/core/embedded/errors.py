"""Why a desk could not start, in one line for a person."""


class CannotStart(Exception):
    """The message is one line that names what to change; `desk` prints it and leaves with code 2."""

    def __init__(self, says: str) -> None:
        super().__init__(" ".join(says.split()))
