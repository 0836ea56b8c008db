"""Passwords: argon2id, at most two hashes at a time, and the same work whether or not somebody exists."""

import asyncio
from weakref import WeakKeyDictionary

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_AT_ONCE = 2  # 64 MB and about 0.3 s each: more would let sign-ins starve the pages
_hasher = PasswordHasher(time_cost=3, memory_cost=64 * 1024, parallelism=1)
# Of a password nobody kept, with the parameters above: making one at every start would take 0.2 s.
_nobody = "$argon2id$v=19$m=65536,t=3,p=1$4nl4jywEvVoItOHAbTJbWQ$0BawDS46YEQNmtEft2MTfyUONCTDzoXAUahnTSGnziM"
_turns: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Semaphore] = WeakKeyDictionary()


async def hashed(password: str) -> str:
    async with _turn():
        return await asyncio.to_thread(_hasher.hash, password)


async def matches(password: str, stored: str | None) -> bool:
    """Whether the password is the stored one. Without a stored hash it works as long and says no."""
    async with _turn():
        right = await asyncio.to_thread(_verify, stored or _nobody, password)
    return right and stored is not None


def outdated(stored: str) -> bool:
    """Made with weaker parameters than ours: hash again at the next sign-in."""
    return _hasher.check_needs_rehash(stored)


def _verify(stored: str, password: str) -> bool:
    try:
        return _hasher.verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False


def _turn() -> asyncio.Semaphore:
    return _turns.setdefault(asyncio.get_running_loop(), asyncio.Semaphore(_AT_ONCE))
