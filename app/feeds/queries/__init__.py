"""Every read of imports: files with their columns, mappings and words, runs and what they left."""

from app.feeds.queries.files import (
    StoredSheet,
    WaitingFile,
    WordsLeft,
    file_card,
    file_for_run,
    files,
    headers_known,
    left_of,
    mapping,
    mapping_card,
    mapping_for,
    mappings,
    stored,
    waiting,
    words,
)
from app.feeds.queries.ground import branch_named, branches, stands, vocabulary, vocabulary_now
from app.feeds.queries.reading import read_row
from app.feeds.queries.runs import (
    UNDO_WITHIN,
    UNDOABLE,
    another_runs,
    asked_of,
    changes_left,
    now,
    position,
    rejects,
    run_card,
    run_for_change,
    runs,
)
from app.feeds.queries.sources import (
    columns_of_run,
    open_branch,
    sees_all,
    source_asked,
    source_card,
    source_count,
    source_for_change,
    sources,
    sources_for_change,
    sources_waiting,
)

__all__ = [
    "UNDOABLE", "UNDO_WITHIN", "StoredSheet", "WaitingFile", "WordsLeft", "another_runs", "asked_of",
    "branch_named", "branches", "changes_left", "columns_of_run", "file_card", "file_for_run", "files",
    "headers_known", "left_of", "mapping", "mapping_card", "mapping_for", "mappings", "now", "open_branch",
    "position", "read_row", "rejects", "run_card", "run_for_change", "runs", "sees_all", "source_asked",
    "source_card", "source_count", "source_for_change", "sources", "sources_for_change", "sources_waiting",
    "stands", "stored", "vocabulary", "vocabulary_now", "waiting", "words",
]  # fmt: skip
