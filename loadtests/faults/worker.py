"""A worker process of the fault run: the product's own worker with the run's wiring."""

import os

import uvloop

from app.core.settings import load
from jobs import worker
from loadtests.faults import trade

if __name__ == "__main__":
    uvloop.run(worker.run(load(os.environ), wire=trade.wire))
