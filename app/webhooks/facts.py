"""What happens to webhooks. `id` of `webhook.changed` is the webhook's, of the others the delivery's."""

from typing import ClassVar

from app.core.events import Fact


class WebhookFact(Fact, frozen=True, kw_only=True):
    needs: ClassVar[str | None] = "webhook.read"


class WebhookChanged(WebhookFact, tag="webhook.changed", frozen=True, kw_only=True):
    """Made, switched off or on, removed."""


class WebhookDue(WebhookFact, tag="webhook.due", frozen=True, kw_only=True):
    """There is something to tell: a worker sends it until it is taken, or given up."""


class WebhookDelivered(WebhookFact, tag="webhook.delivered", frozen=True, kw_only=True):
    pass


class WebhookFailed(WebhookFact, tag="webhook.failed", frozen=True, kw_only=True):
    """Given up: it can be sent again by hand."""
