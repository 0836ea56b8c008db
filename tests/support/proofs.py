"""Exhaustive walks in two sizes: a sample that can fail in `make test`, the whole in `make test-proofs`."""

from typing import Any

import pytest


def in_two_sizes(name: str, *, sample: Any, whole: Any) -> pytest.MarkDecorator:
    """The argument `name` of a test is `sample`, and in the proofs `whole`."""
    return pytest.mark.parametrize(
        name, [pytest.param(sample, id="sample"), pytest.param(whole, id="whole", marks=pytest.mark.proof)]
    )


def proof(*values: Any) -> Any:
    """One more set of arguments that only the proofs look at."""
    return pytest.param(*values, marks=pytest.mark.proof)
