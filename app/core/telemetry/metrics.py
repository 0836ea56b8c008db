"""Metrics: one registry a process, gauges read when somebody scrapes."""

import asyncio
import inspect
from collections.abc import Awaitable, Callable

import structlog
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.gc_collector import GCCollector
from prometheus_client.process_collector import ProcessCollector

__all__ = ["CONTENT_TYPE_LATEST", "REGISTRY", "collect", "counter", "gauge", "histogram", "render"]

REGISTRY = CollectorRegistry(auto_describe=False)
ProcessCollector(registry=REGISTRY)
GCCollector(registry=REGISTRY)

# Around the goals: pages under 300 ms, live under 250 ms, a job within seconds.
SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 1.0, 2.5, 5.0, 10.0)

Reader = Callable[[], Awaitable[None] | None]
_readers: dict[str, Reader] = {}


def counter(name: str, says: str, labels: tuple[str, ...] = ()) -> Counter:
    return Counter(name, says, labels, registry=REGISTRY)


def gauge(name: str, says: str, labels: tuple[str, ...] = ()) -> Gauge:
    return Gauge(name, says, labels, registry=REGISTRY)


def histogram(name: str, says: str, labels: tuple[str, ...] = (), buckets: tuple[float, ...] = SECONDS) -> Histogram:
    return Histogram(name, says, labels, registry=REGISTRY, buckets=buckets)


REQUESTS = counter("http_requests", "Requests answered.", ("method", "route", "status"))
DURATION = histogram("request_duration_seconds", "From first byte in to last byte out.", ("method", "route", "status"))
BUILD = gauge("desk_build_info", "Which release runs.", ("version", "env", "process"))
READER_UP = gauge("desk_metrics_reader_up", "1 when the reader of some gauges answered this scrape.", ("reader",))


def collect(reader: Reader, *, name: str | None = None) -> Callable[[], None]:
    """Call `reader`, plain or async, at each scrape: it sets the gauges it owns. Returns the way to stop it.

    It has 2 s; when it fails or is late its gauges keep their last value and `desk_metrics_reader_up` says 0.
    """
    key = name or f"{reader.__module__}.{getattr(reader, '__qualname__', type(reader).__name__)}"
    _readers[key] = reader

    def stop() -> None:
        _readers.pop(key, None)

    return stop


async def render() -> bytes:
    """The registry in Prometheus text format, after every reader has been asked."""
    await asyncio.gather(*(_read(name, reader) for name, reader in list(_readers.items())))
    return generate_latest(REGISTRY)


async def _read(name: str, reader: Reader) -> None:
    try:
        async with asyncio.timeout(2):
            result = reader()
            if inspect.isawaitable(result):
                await result
    except Exception as error:  # noqa: BLE001 - one broken reader must not take the other metrics away
        structlog.get_logger().warning("metrics.reader_failed", reader=name, error=type(error).__name__)
        READER_UP.labels(reader=name).set(0)
    else:
        READER_UP.labels(reader=name).set(1)
