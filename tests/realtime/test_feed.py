"""The reader of one feed, without sockets."""

from types import SimpleNamespace

from app.core.ids import new_id
from realtime.feed import Feed
from realtime.pump import Pump
from tests.realtime.proof import facts


class Newcomer:
    def __init__(self) -> None:
        self.who = SimpleNamespace(session_id=new_id())
        self.recheck_at = 1e9


async def test_who_came_before_the_feed_was_read_has_their_session_checked_again(database, org):
    """The fact that ended it may lie behind the position where the reading starts."""
    feed = Feed(org, renderer=facts.Renderer(), pump=Pump(), dropped=lambda *_: None, replay=lambda *_: None)
    early, late = Newcomer(), Newcomer()
    await facts.write_note(org, "first")
    feed.admit(early)
    await feed._turn()
    feed.admit(late)
    await feed._turn()

    assert (early.recheck_at, late.recheck_at) == (0.0, 1e9)
