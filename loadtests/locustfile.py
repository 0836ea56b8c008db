"""Locust over a desk that runs: buyers who read, leads that come in storms, and the screens that must show each lead.

    RATE_FACTOR=10000 make run                          # in one terminal: the limits are not what is measured
    make load ARGS="--users 150 --run-time 60s"         # in another

`--screens` of the users hold the live socket of a branch's inbox, as many as `--leads` a second need open leads over
the public API, all others read the market. "lead on screen" is the time from a lead's acknowledgement until a screen
has it (0 where the screen was faster); a screen that has not got it after ten seconds is a failure, and so is one that
was closed. Needs the demo's accounts, and hires the people its screens need.
"""

import itertools
import json
import math
import random
import time
import uuid
from typing import Any

import gevent
import requests
import websocket
from locust import HttpUser, User, between, events, task
from locust.env import Environment
from locust.exception import StopUser

ORG, BRANCH, PASSWORD = "ravi", "lahore", "demo-password"
PER_PERSON = 10
ARRIVES_WITHIN_S = 10.0
API = "/api/v1"

_screens: set["Salesperson"] = set()
_numbers = itertools.count()


@events.init_command_line_parser.add_listener
def _arguments(parser: Any) -> None:
    parser.add_argument("--screens", type=int, default=100, help="sockets on one branch's inbox")
    parser.add_argument("--leads", type=float, default=2, help="leads a second")


@events.init.add_listener
def _sizes(environment: Environment, **_more: Any) -> None:
    if environment.parsed_options is None:
        return
    Salesperson.fixed_count = environment.parsed_options.screens
    Enquirer.fixed_count = math.ceil(environment.parsed_options.leads)
    Enquirer.pause_s = Enquirer.fixed_count / environment.parsed_options.leads if Enquirer.fixed_count else 0


class Reader(HttpUser):
    """Somebody who looks for a car: results, words, a make, one car."""

    wait_time = between(1, 4)

    @task(3)
    def results(self) -> None:
        self.client.get("/cars", params={"page": random.randint(1, 4)}, name="/cars")

    @task(2)
    def words(self) -> None:
        words = random.choice(("corolla", "civic 2018", "alto vxr", "کرولا", "sportage", "mehran"))
        self.client.get("/cars", params={"q": words}, name="/cars?q=")

    @task(3)
    def one_car(self) -> None:
        cars = self.client.get(f"{API}/listings", params={"org": ORG}, name=f"{API}/listings").json()["hits"]
        self.client.get(random.choice(cars)["url"], name="/l/…")


class Enquirer(HttpUser):
    """Somebody who asks about a car of the branch, over and over, each time as another person."""

    pause_s = 1.0
    cars: tuple[str, ...] = ()

    def wait_time(self) -> float:
        return random.expovariate(1 / self.pause_s)

    def on_start(self) -> None:
        found = self.client.get(f"{API}/listings", params={"org": ORG, "branch": BRANCH}, name=f"{API}/listings")
        self.cars = tuple(hit["id"] for hit in found.json()["hits"])

    @task
    def ask(self) -> None:
        watching = list(_screens)
        answer = self.client.post(
            f"{API}/leads",
            json={
                "listing_id": random.choice(self.cars),
                "name": "Locust Khan",
                "phone": f"+9230{random.randrange(100_000_000):08d}",
                "message": "Is it still there?",
            },
            headers={"Idempotency-Key": str(uuid.uuid4())},
            name=f"{API}/leads",
        )
        if answer.ok:
            lead, at = answer.json()["id"], time.perf_counter()
            gevent.spawn_later(ARRIVES_WITHIN_S, self._who_has_it, lead, at, watching)

    def _who_has_it(self, lead: str, at: float, watching: list["Salesperson"]) -> None:
        for screen in watching:
            if screen not in _screens:
                continue  # counted when it was closed
            came = screen.seen.pop(lead, None)
            self.environment.events.request.fire(
                request_type="LIVE", name="lead on screen", response_length=0, context={},
                response_time=0 if came is None else max(0.0, came - at) * 1000,
                exception=LookupError(f"not there after {ARRIVES_WITHIN_S:.0f} s") if came is None else None,
            )  # fmt: skip


class Salesperson(User):
    """An open inbox: one socket, of a person who has a few of them."""

    tokens: dict[int, str] = {}  # noqa: RUF012 - shared by all on purpose
    socket: websocket.WebSocket | None = None

    def on_start(self) -> None:
        self.seen: dict[str, float] = {}
        self._token = self._signed_in(next(_numbers) // PER_PERSON)

    def on_stop(self) -> None:
        _screens.discard(self)
        if self.socket is not None:
            self.socket.close()

    @task
    def watch(self) -> None:
        address = self.host.replace("http", "ws", 1) + f"/live?topics=inbox:{BRANCH}"  # type: ignore[union-attr]
        began, failed = time.perf_counter(), None
        try:
            self.socket = websocket.create_connection(
                address, timeout=30, origin=self.host, header=[f"Authorization: Bearer {self._token}"]
            )
        except (OSError, websocket.WebSocketException) as error:
            failed = error
        self._tell("open", began, failed)
        if failed is not None:
            gevent.sleep(2)
            return
        _screens.add(self)
        try:
            while True:
                self._take(self.socket.recv())  # type: ignore[union-attr]
        except (OSError, websocket.WebSocketException) as error:
            if self in _screens:
                _screens.discard(self)
                self._tell("stays open", time.perf_counter(), error)

    def _take(self, text: str | bytes) -> None:
        frame = json.loads(text) if text else {}
        if frame.get("op") == "patch":
            at = time.perf_counter()
            for part in frame["content"].split('id="lead-')[1:]:
                self.seen.setdefault(part[:36], at)

    def _tell(self, name: str, began: float, exception: Exception | None) -> None:
        self.environment.events.request.fire(
            request_type="LIVE", name=name, response_time=(time.perf_counter() - began) * 1000, response_length=0,
            context={}, exception=exception,
        )  # fmt: skip

    def _signed_in(self, number: int) -> str:
        """A token of the n-th of the people the scenario hires; signed in once, whoever comes first."""
        if number not in self.tokens:
            self.tokens[number] = ""
            email = f"load-{number}@{ORG}.demo"
            self.tokens[number] = self._token_of(email) or self._hired(email)
        while not self.tokens[number]:
            gevent.sleep(0.1)
        return self.tokens[number]

    def _hired(self, email: str) -> str:
        boss = {"Authorization": f"Bearer {self._token_of(f'owner@{ORG}.demo')}"}
        branches = requests.get(f"{self.host}{API}/branches", headers=boss, timeout=30).json()["items"]
        branch = next(branch["id"] for branch in branches if branch["slug"] == BRANCH)
        person = {"email": email, "name": "Load Test", "role": "sales", "password": PASSWORD, "branch_id": branch}
        made = requests.post(f"{self.host}{API}/users", json=person, headers=boss, timeout=30)
        if not made.ok:
            raise StopUser(made.text)
        return self._token_of(email)

    def _token_of(self, email: str) -> str:
        body = {"email": email, "password": PASSWORD}
        answer = requests.post(f"{self.host}{API}/auth/login", json=body, timeout=30)
        return str(answer.json().get("access_token", ""))
