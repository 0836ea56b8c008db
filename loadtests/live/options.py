"""How large a run is."""

from msgspec import Struct


class Storming(Struct, frozen=True):
    sockets: int
    rate: float
    seconds: float
    stuck: int = 0


class Fanout(Struct, frozen=True):
    """`seconds` of each round; `in_flight` messages are never exceeded."""

    sockets: int
    seconds: float
    rounds: int
    in_flight: int = 8


class Options(Struct, frozen=True, kw_only=True):
    seed: int
    only: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    whole: Storming = Storming(1_000, 20, 60)
    absent: Storming = Storming(1_000, 20, 30)
    stuck: Storming = Storming(200, 20, 30, stuck=50)
    fanout: Fanout = Fanout(1_000, 4, 5)
    crowded: Fanout = Fanout(5_000, 8, 1, in_flight=2)
    memory: tuple[int, ...] = (100, 5_000, 10_000)
    idle_s: float = 10

    def quick(self) -> "Options":
        """Seconds instead of minutes: shows that everything works, not how well."""
        return Options(
            seed=self.seed, only=self.only, kinds=self.kinds, whole=Storming(100, 10, 5), absent=Storming(50, 10, 5),
            stuck=Storming(40, 25, 18, stuck=10), fanout=Fanout(100, 1, 1), crowded=Fanout(500, 2, 1, in_flight=2),
            memory=(20, 500, 1_000), idle_s=2,
        )  # fmt: skip
