"""A walk over every route as each of several people.

Every request runs in a transaction that is rolled back, so that thousands of them, closing orgs and accounts
included, leave the world as it was.
"""

import inspect
import random
import re
import sys
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import msgspec
from msgspec import Struct

from app.core import db, events
from app.core.base import Scope
from app.core.edge import csrf
from app.orgs import rules
from tests.support.asgi import ORIGIN, Answer, call
from tests.support.tenancy import Place, Somebody, World
from tests.support.tenancy_answers import difference
from tests.support.tenancy_asking import Route, body_of, path_of

_IDS = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@asynccontextmanager
async def rolled_back(scope: Scope, *, read: bool = False) -> AsyncIterator[Any]:
    """`db.unit`, commit step and all, without the commit."""
    database = db.installed()
    maker = database.read_session if read else database.write_session
    async with maker(info={"scope": scope}) as session:
        transaction = await session.begin()
        try:
            yield session
            if not read:
                await session.flush()
                await events.commit_step(session)
        finally:
            await transaction.rollback()


class Figures(Struct):
    triples: int = 0
    requests: int = 0
    leaks: list[str] = msgspec.field(default_factory=list)
    wrong: list[str] = msgspec.field(default_factory=list)
    served: Counter[str] = msgspec.field(default_factory=Counter)


class Walk:
    """As each of `people`, ask every route for the own org's things, another org's, and missing ones.

    Where `beside` is said: for each route, as somebody who may and so many others by chance.
    """

    def __init__(
        self, world: World, people: list[Somebody], routes: list[Route], beside: int | None = None, seed: int = 7
    ) -> None:
        self.world, self.people, self.routes, self.beside = world, people, routes, beside
        self.figures = Figures()
        canaries = {canary for place in world.places.values() for canary in place.canaries}
        self._words = {canary for canary in canaries if not _IDS.fullmatch(canary)}
        self._chance = random.Random(seed)
        self._asked: dict[tuple[str, str, str, str], Answer] = {}

    async def run(self, enough: int = sys.maxsize) -> Figures:
        """Ends early at more than `enough` leaks."""
        for route in self.routes:
            for one in self._callers(route):
                await self._visit(route, one)
            if len(self.figures.leaks) > enough:
                break
        return self.figures

    def _callers(self, route: Route) -> list[Somebody]:
        """Where no role counts, one of each org is enough."""
        heads = {one.org: one for one in reversed(self.people)}
        anyones = route.access.kind in ("public", "dev")
        callers = [one for one in self.people if not anyones or heads[one.org] is one]
        if self.beside is None:
            return callers
        may = [one for one in callers if self._allowed(route, one)] or callers
        first = may[-1 if route.access.kind == "person" else 0]  # the first is an owner, who may not leave an org alone
        return [first, *self._chance.sample([one for one in callers if one is not first], self.beside)]

    async def _visit(self, route: Route, one: Somebody) -> None:
        others = [place for slug, place in self.world.places.items() if slug != one.org]
        foreign = {canary for place in others for canary in place.canaries}
        own = self.world.places.get(one.org) or Place("zqnowhere", {}, set())
        other = self.world.places["zqnorth" if one.org != "zqnorth" else "zqsouth"]
        missing = Place("zqnowhere", {name: str(uuid4()) for name in other.ids}, set(), position=f"{uuid4()}:22")
        answers: dict[str, list[tuple[Answer, str, str]]] = {}
        refused = route.access.kind == "org" and not self._allowed(route, one)
        for target, place in (("own", own), ("other", other), ("missing", missing)):
            self.figures.triples += 1
            if refused and target == "missing":  # 403 before anything is looked for, as both others prove
                continue
            answers[target] = [
                (*await self._ask(route, one, place, query, foreign, target), query)
                for query in ([""] if refused else self._queries(route, place))
            ]
        if refused:
            return
        for theirs, nobodys in zip(answers["other"], answers["missing"], strict=True):
            differ = theirs[1] != nobodys[1] and difference(theirs, nobodys)
            if differ:
                self.figures.leaks.append(f"{one.role}@{one.org} {route.method} {route.template} {theirs[2]}: {differ}")
        own_ids = [name for name in route.params if name in other.ids]
        if own_ids and self._allowed(route, one):
            status = answers["other"][0][0].status
            if status != 404:
                self.figures.wrong.append(f"{one.role}@{one.org} {route.method} {route.template}: foreign id {status}")

    def _allowed(self, route: Route, one: Somebody) -> bool:
        if route.access.kind == "person":
            return bool(one.org)
        return route.access.kind == "org" and bool(one.org) and rules.may(one.role, route.access.action)

    def _queries(self, route: Route, place: Place) -> Iterator[str]:
        """None, then each query parameter that can name something of an org."""
        yield ""
        if route.method != "GET":
            return
        named = {
            "branch": place.ids.get("branch_id"), "actor": place.ids.get("user_id"), "q": place.slug,
            "entity_id": place.ids.get("user_id"), "topics": f"members:org@{place.position or 'x:1'}",
            "ids": place.ids.get("listing_id"),
        }  # fmt: skip
        for name in inspect.signature(route.handler.fn).parameters:
            if named.get(name):
                yield urlencode({name: named[name]})
            if name == "branch" and "board" in route.template:
                yield urlencode({name: place.slug})
            if name == "cursor":
                for cursor in place.cursors.values() or [""] * 5:
                    yield urlencode({"cursor": cursor or "A" * 60})

    async def _ask(
        self, route: Route, one: Somebody, place: Place, query: str, foreign: set[str], target: str
    ) -> tuple[Answer, str]:
        """The answer, and all that was sent."""
        path = path_of(route, place, one if target == "own" else None)
        body, content_type = body_of(route, place)
        headers: list[tuple[str, str]] = [("accept", "application/json" if route.api else "text/html")]
        if body:
            headers.append(("content-type", content_type))
        if one.org and route.api:
            headers.append(("authorization", f"Bearer {one.bearer}"))
        else:
            headers += self._as_browser(one)
        peer = f"10.{self._chance.randrange(256)}.{self._chance.randrange(256)}.9"
        asked = f"{path}?{query}" if query else path
        sent = f"{asked} {body}"
        same = (route.method, one.org, one.role, sent)
        answer = self._asked.get(same)
        if answer is None:  # everything is rolled back: the same request again would get the same answer
            answer = await call(self.world.app, route.method, asked, headers=headers, body=body.encode(), peer=peer)
            self.figures.requests += 1
            self._asked[same] = answer
        self._judge(route, one, target, answer, sent, foreign)
        return answer, sent

    def _as_browser(self, one: Somebody) -> list[tuple[str, str]]:
        given = [("origin", ORIGIN), ("sec-fetch-site", "same-origin")]
        if one.cookie:
            given.append(("cookie", f"sid={one.cookie}"))
            given.append(("x-csrf-token", csrf.token_for(self.world.settings.secret_key, one.cookie)))
        return given

    def _judge(self, route: Route, one: Somebody, target: str, answer: Answer, asked: str, foreign: set[str]) -> None:
        where = f"{one.role}@{one.org} {route.method} {route.template} ({target})"
        if answer.error is not None or answer.status >= 500 or answer.status == 0:
            self.figures.wrong.append(f"{where}: {answer.status} {answer.error!r} {answer.body[:200]!r}")
            return
        told = (answer.body + str(answer.headers).encode()).decode(errors="replace").lower()
        for canary in foreign.intersection(_IDS.findall(told)) | {
            word for word in self._words & foreign if word in told
        }:
            if canary not in asked.lower():
                self.figures.leaks.append(f"{where}: tells {canary}")
        if target == "own" and answer.status < 400 and (one.org or route.access.kind in ("public", "dev")):
            self.figures.served[f"{route.method} {route.template}"] += 1
        if route.access.kind in ("public", "dev"):
            return
        if not one.org:
            signed_out = answer.status == 401 or (
                answer.status in (302, 303) and "/sign-in" in answer.headers.get("location", "")
            )
            if not signed_out:
                self.figures.wrong.append(f"{where}: {answer.status} without sign-in")
        elif not self._allowed(route, one):
            if answer.status != 403:
                self.figures.wrong.append(f"{where}: {answer.status}, the matrix says no")
        elif answer.status == 403 and "topics=" in asked and not rules.may(one.role, "member.read"):
            return  # a topic has a rule of its own
        elif answer.status in (401, 403):
            self.figures.wrong.append(f"{where}: {answer.status}, the matrix says yes: {answer.body[:160]!r}")
