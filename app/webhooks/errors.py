"""Refusals of webhooks."""

from app.core.errors import NotFound, Refused


class WebhookGone(NotFound):
    pass


class DeliveryGone(NotFound):
    pass


class TooManyWebhooks(
    Refused, status=409, code="too_many_webhooks", says="There are 10 webhooks already. Remove one first."
):
    pass
