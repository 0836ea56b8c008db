"""A machine that was away for long is told everything it missed, page by page, at the pace it reads."""

import asyncio
import logging
from collections.abc import Callable

from app.core import db, feeds
from app.core.base import Scope
from app.core.feeds import Position
from realtime import catchup, figures, protocol
from realtime.feed import Feed
from realtime.listener import Listener

log = logging.getLogger(__name__)

_PAGE = 200
_at_once = asyncio.Semaphore(4)


async def run(feed: Feed, listener: Listener, at: Position, *, cut: Callable[[Listener], None]) -> None:
    """Send every fact after `at` until the feed's own next turn can take over."""
    listener.outlet.catching_up = True
    seq = p = at.seq
    try:
        while not listener.closed:
            async with _at_once, db.unit(Scope(org_id=feed.org_id), read=True) as session:
                head, rows = await feeds.after(session, seq, limit=_PAGE)
            if head.epoch != at.epoch or (rows and rows[0].seq != seq + 1):
                figures.RESYNCS.inc()
                listener.tell(protocol.Resync(epoch=head.epoch, seq=head.seq))
                feed.ask(listener, "", head)
                return
            frames, p = catchup.stream(rows, listener.who, p)
            listener.outlet.write_all(frames)
            await listener.outlet.drained()
            if len(rows) < _PAGE:
                feed.ask(listener, "", Position(at.epoch, rows[-1].seq if rows else seq))
                return
            seq = rows[-1].seq
    except TimeoutError:
        cut(listener)
    except Exception:
        log.exception("replay failed: the listener resumes from where it is")
        cut(listener)
    finally:
        listener.outlet.catching_up = False
