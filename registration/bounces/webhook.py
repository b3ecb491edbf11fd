"""Where a provider tells what became of messages: anymail checks and reads it, for the one provider that is set up."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from anymail.webhooks.base import AnymailCoreWebhookView
from anymail.webhooks.brevo import BrevoTrackingWebhookView
from anymail.webhooks.mailgun import MailgunTrackingWebhookView
from anymail.webhooks.mailjet import MailjetTrackingWebhookView
from anymail.webhooks.postmark import PostmarkTrackingWebhookView
from anymail.webhooks.sparkpost import SparkPostTrackingWebhookView
from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponseBase
from django.views import View
from django.views.decorators.csrf import csrf_exempt


@contextmanager
def _refusing() -> Iterator[None]:
    """Whatever stumbles over a content that is no report: it is refused."""
    try:
        yield
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        raise BadRequest("no report") from error


class Careful(AnymailCoreWebhookView):
    """Before one of anymail's views: what no provider sends is refused, where it would be a fault."""

    def run_validators(self, request: HttpRequest) -> None:
        with _refusing():
            super().run_validators(request)

    def parse_events(self, request: HttpRequest) -> list[Any]:
        with _refusing():
            return super().parse_events(request)  # type: ignore[no-any-return]


def careful(view: type[View]) -> type[View]:
    return type(view.__name__, (Careful, view), {})


VIEWS = {
    "brevo": careful(BrevoTrackingWebhookView),
    "mailgun": careful(MailgunTrackingWebhookView),
    "mailjet": careful(MailjetTrackingWebhookView),
    "postmark": careful(PostmarkTrackingWebhookView),
    "sparkpost": careful(SparkPostTrackingWebhookView),
}


@csrf_exempt
def webhook(request: HttpRequest, provider: str) -> HttpResponseBase:
    """404 for any provider but ours. Without its secret, and for what it never sends, 400.

    A fault of ours is a 500, after which every provider tells the same again.
    """
    if provider != settings.MAIL_WEBHOOK_PROVIDER or not settings.ANYMAIL.get("WEBHOOK_SECRET"):
        raise Http404
    return VIEWS[provider].as_view()(request)
