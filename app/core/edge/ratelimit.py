"""Rate limits: exact over all processes through Redis, and still there without it."""

import asyncio
import hashlib
import math
import time
from collections import OrderedDict
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager

import structlog
from redis.asyncio import BlockingConnectionPool, Redis

from app.core import channels
from app.core.edge.address import prefixes
from app.core.edge.limits import DEMO_LIMITS, LIMITS, NEIGHBOURHOOD, STRICTER, Bucket, Limit, LimitName
from app.core.edge.refusals import TooMany
from app.core.settings import Settings

log = structlog.get_logger(__name__)

# GCRA on the clock of Redis. All keys pass or none is charged; answers the microseconds to wait, 0 = taken.
_GCRA = """
local t = redis.call('TIME')
local now = t[1] * 1000000 + t[2]
local wait = 0
local ends = {}
for i, key in ipairs(KEYS) do
  local step = tonumber(ARGV[2 * i - 1])
  local span = tonumber(ARGV[2 * i])
  local tat = tonumber(redis.call('GET', key) or now)
  if tat < now then tat = now end
  ends[i] = tat + step
  local over = ends[i] - now - span
  if over > wait then wait = over end
end
if wait > 0 then return wait end
for i, key in ipairs(KEYS) do
  redis.call('SET', key, string.format('%.0f', ends[i]), 'PX', math.ceil((ends[i] - now) / 1000) + 1)
end
return 0
"""

_GIVE_BACK = """
local t = redis.call('TIME')
local now = t[1] * 1000000 + t[2]
for i, key in ipairs(KEYS) do
  local left = tonumber(redis.call('GET', key) or now) - tonumber(ARGV[i])
  if left > now then
    redis.call('SET', key, string.format('%.0f', left), 'PX', math.ceil((left - now) / 1000) + 1)
  else
    redis.call('DEL', key)
  end
end
"""

_PREFIX = "limit:"
_ANSWER_WITHIN_S = 0.5
_TRY_AGAIN_AFTER_S = 1.0
_CONNECTIONS = 8
_LOCAL_KEYS = 50_000


class Limiter:
    """Counts by address, neighbourhood and any further identity a caller names."""

    def __init__(
        self,
        redis_url: str | None,
        *,
        limits: Mapping[LimitName, Limit] = LIMITS,
        factor: float = 1.0,
        answer_within_s: float = _ANSWER_WITHIN_S,
    ) -> None:
        self._limits = {name: limit.scaled(factor) for name, limit in limits.items()}
        self._local = LocalBuckets()
        self._away_until: float | None = None
        self._answer_within_s = answer_within_s
        self._redis: Redis | None = None
        if redis_url is not None:
            pool = BlockingConnectionPool.from_url(
                redis_url,
                max_connections=_CONNECTIONS,
                timeout=answer_within_s,
                socket_timeout=answer_within_s,
                socket_connect_timeout=answer_within_s,
            )
            self._redis = Redis(connection_pool=pool)
            self._gcra = self._redis.register_script(_GCRA)
            self._give_back_script = self._redis.register_script(_GIVE_BACK)

    async def take(self, name: LimitName, *, address: str | None = None, identity: str | None = None) -> None:
        """Count one request against its class. Raises TooMany.

        An identity is a person, a phone or an e-mail address: it is kept as a digest only.
        """
        await self._charge(self._buckets(name, address, identity))

    @asynccontextmanager
    async def attempt(self, name: LimitName, *, identity: str) -> AsyncIterator[None]:
        """Count a try before it is made, and give it back when the block ends well. Raises TooMany."""
        buckets = self._buckets(name, None, identity)
        await self._charge(buckets)
        yield
        await self._give_back(buckets)

    async def close(self) -> None:
        if self._redis is not None:
            await self._redis.aclose(close_connection_pool=True)

    def _buckets(self, name: LimitName, address: str | None, identity: str | None) -> list[Bucket]:
        limit = self._limits[name]
        buckets = []
        if address is not None:
            host, neighbourhood = prefixes(address)
            buckets.append(Bucket(f"{_PREFIX}{name}:{host}", limit))
            wide = Limit(limit.times * NEIGHBOURHOOD, limit.per_s, limit.closed)
            buckets.append(Bucket(f"{_PREFIX}{name}:{neighbourhood}", wide))
        if identity is not None:
            digest = hashlib.sha256(identity.casefold().encode()).hexdigest()[:32]
            buckets.append(Bucket(f"{_PREFIX}{name}:id:{digest}", limit))
        return buckets

    async def _charge(self, buckets: Sequence[Bucket]) -> None:
        wait_s = await self._wait(buckets)
        if wait_s > 0:
            raise TooMany(retry_after=max(1, math.ceil(wait_s)))

    async def _give_back(self, buckets: Sequence[Bucket]) -> None:
        """In both memories: whichever was not charged has nothing to give."""
        self._local.give_back(buckets, time.monotonic())
        if self._redis is not None and self._away_until is None:
            steps = [bucket.limit.per_s * 1_000_000 / bucket.limit.times for bucket in buckets]
            try:
                async with asyncio.timeout(self._answer_within_s):
                    await self._give_back_script(keys=[bucket.key for bucket in buckets], args=steps)
            except channels.AWAY as error:
                log.warning("limit_not_given_back", error=type(error).__name__)

    async def _wait(self, buckets: Sequence[Bucket]) -> float:
        if self._redis is not None and self._may_ask(time.monotonic()):
            try:
                wait = await self._wait_in_redis(buckets)
            except channels.AWAY as error:
                if self._away_until is None:
                    log.warning("limits_without_redis", error=type(error).__name__)
                self._away_until = time.monotonic() + _TRY_AGAIN_AFTER_S
            else:
                self._away_until = None
                return wait
        return self._local.wait(buckets, time.monotonic())

    def _may_ask(self, now: float) -> bool:
        """While Redis is away one request a second finds out whether it is back; the others do not wait for it."""
        if self._away_until is None:
            return True
        if now < self._away_until:
            return False
        self._away_until = now + _TRY_AGAIN_AFTER_S
        return True

    async def _wait_in_redis(self, buckets: Sequence[Bucket]) -> float:
        arguments: list[float] = []
        for bucket in buckets:
            step = bucket.limit.per_s * 1_000_000 / bucket.limit.times
            arguments += [step, step * bucket.limit.times]
        async with asyncio.timeout(self._answer_within_s):
            wait = await self._gcra(keys=[bucket.key for bucket in buckets], args=arguments)
        return int(wait) / 1_000_000


class LocalBuckets:
    """The same arithmetic for one process. When its memory is full, closed classes refuse newcomers."""

    def __init__(self, keys: int = _LOCAL_KEYS) -> None:
        self._ends: OrderedDict[str, float] = OrderedDict()
        self._keys = keys

    def wait(self, buckets: Sequence[Bucket], now: float) -> float:
        """Seconds to wait; 0 means it was taken."""
        ends: dict[str, float] = {}
        wait = 0.0
        for bucket in buckets:
            limit = _alone(bucket.limit)
            step = limit.per_s / limit.times
            if limit.closed and bucket.key not in self._ends and self._full(now):
                wait = max(wait, step)
            ends[bucket.key] = max(self._ends.get(bucket.key, now), now) + step
            over = ends[bucket.key] - now - limit.per_s
            if over > step * 1e-6:
                wait = max(wait, over)
        if wait == 0:
            for key, end in ends.items():
                self._ends[key] = end
                self._ends.move_to_end(key)
            while len(self._ends) > self._keys:
                self._ends.popitem(last=False)
        return wait

    def give_back(self, buckets: Sequence[Bucket], now: float) -> None:
        for bucket in buckets:
            limit = _alone(bucket.limit)
            left = self._ends.get(bucket.key, now) - limit.per_s / limit.times
            if left > now:
                self._ends[bucket.key] = left
            else:
                self._ends.pop(bucket.key, None)

    def _full(self, now: float) -> bool:
        while self._ends and len(self._ends) >= self._keys:
            oldest = next(iter(self._ends))
            if self._ends[oldest] > now:
                return True
            del self._ends[oldest]
        return False


def _alone(limit: Limit) -> Limit:
    """What one process may let through that cannot ask the others."""
    return limit.scaled(1 / STRICTER) if limit.closed else limit


def limiter_for(settings: Settings) -> Limiter:
    limits = DEMO_LIMITS if settings.desk_demo else LIMITS
    return Limiter(settings.redis_url, limits=limits, factor=settings.rate_factor)
