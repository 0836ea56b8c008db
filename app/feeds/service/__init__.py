"""Every change of imports."""

from app.feeds.service.advancing import advance
from app.feeds.service.ending import approve, begin, fail, finish, next_stage, stop
from app.feeds.service.files import Kept, keep_file, read_again
from app.feeds.service.mapping import learn, save_mapping
from app.feeds.service.matching import Change, made_ready
from app.feeds.service.pulling import note_failure, note_unchanged, take_pulled
from app.feeds.service.shaping import Ground
from app.feeds.service.sources import add_source, ask_source, change_source, come_due, remove_source
from app.feeds.service.starting import start_again, start_run
from app.feeds.service.sweeping import sweep
from app.feeds.service.undoing import start_undo, undo_some

__all__ = [
    "Change", "Ground", "Kept", "add_source", "advance", "approve", "ask_source", "begin", "change_source",
    "come_due", "fail", "finish", "keep_file", "learn", "made_ready", "next_stage", "note_failure",
    "note_unchanged", "read_again", "remove_source", "save_mapping", "start_again", "start_run", "start_undo", "stop",
    "sweep", "take_pulled", "undo_some",
]  # fmt: skip
