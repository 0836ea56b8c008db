"""The nervous system on one page: what each fact shows and starts, and the topics people listen in."""

from collections.abc import Mapping

from app.core import events, jobs_ledger, live
from app.core.events import Fact, Wire
from app.core.live import TopicKind

TABLE: Mapping[type[Fact], Wire] = {**jobs_ledger.WIRES}

TOPICS: tuple[TopicKind, ...] = ()


def install() -> None:
    events.install(TABLE)
    live.install(TOPICS)
