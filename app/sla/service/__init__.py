"""Changes of service levels."""

from app.sla.service.days import close_days, expect_closing
from app.sla.service.holidays import RAMADAN, accept, accepted
from app.sla.service.hours import add_days, change_days, dismiss, follow_org, remove_days, set_hours
from app.sla.service.plans import plan, plan_changed_days, plan_days, plan_following, plan_hours, plan_removal
from app.sla.service.policies import add_policy, change_policy, move_policy, remove_policy

__all__ = [
    "RAMADAN", "accept", "accepted", "add_days", "add_policy", "change_days", "change_policy", "close_days",
    "dismiss", "expect_closing", "follow_org", "move_policy", "plan", "plan_changed_days", "plan_days",
    "plan_following", "plan_hours", "plan_removal", "remove_days", "remove_policy", "set_hours",
]  # fmt: skip
