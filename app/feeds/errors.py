"""Refusals of imports."""

from app.core.errors import NotFound, Refused


class FileGone(NotFound):
    pass


class FileLost(Refused, status=410, code="file_lost", says="The file is no longer in the store. Hand it in again."):
    pass


class StoreAway(
    Refused, status=503, code="store_away", says="Files cannot be reached at the moment. Try again shortly."
):
    pass


class MappingGone(NotFound):
    pass


class RunGone(NotFound):
    pass


class BadMapping(Refused, status=422, code="bad_mapping", says="These columns cannot be imported like that."):
    """`errors` name the columns."""


class OtherColumns(Refused, status=422, code="other_columns", says="That mapping is for other columns."):
    pass


class OtherBranch(Refused, status=403, code="import_of_others", says="This import is not of your branch alone."):
    pass


class NotUndoable(
    Refused, status=409, code="not_undoable", says="Only an import that is done can be undone, for 24 hours."
):
    pass


class NotHeld(Refused, status=409, code="not_held", says="This import is not waiting for anybody."):
    pass


class RunOver(Refused, status=409, code="run_over", says="This import has ended already."):
    pass


class SourceGone(NotFound):
    pass


class TooManySources(
    Refused, status=409, code="too_many_sources", says="There are 20 addresses already. Remove one first."
):
    pass
