"""Every read of imports: files with their columns, mappings and words, runs and what they left."""

from app.feeds.queries.files import (
    StoredSheet,
    file_card,
    file_for_run,
    files,
    headers_known,
    mapping,
    mapping_card,
    mapping_for,
    mappings,
    stored,
    words,
)
from app.feeds.queries.ground import branch_named, branches, stands, vocabulary, vocabulary_now
from app.feeds.queries.runs import (
    UNDO_WITHIN,
    UNDOABLE,
    another_runs,
    changes_left,
    now,
    position,
    rejects,
    run_card,
    run_for_change,
    runs,
)

__all__ = [
    "UNDOABLE", "UNDO_WITHIN", "StoredSheet", "another_runs", "branch_named", "branches", "changes_left", "file_card",
    "file_for_run", "files", "headers_known", "mapping", "mapping_card", "mapping_for", "mappings", "now", "position",
    "rejects", "run_card", "run_for_change", "runs", "stands", "stored", "vocabulary", "vocabulary_now", "words",
]  # fmt: skip
