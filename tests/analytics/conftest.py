"""The dealers of the leads' tests, and the clock in hand."""

from tests.leads.conftest import dealers, phone, stage, stocked
from tests.leads.test_deadlines import hands

__all__ = ["dealers", "hands", "phone", "stage", "stocked"]
