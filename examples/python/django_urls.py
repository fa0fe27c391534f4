"""Django: a urls.py. INE_API_KEY and INE_SECRET are set. The view is exempt from CSRF: its signature is checked."""

import libine as ine
from django.urls import path

webhooks = ine.Webhooks([ine.Credentials.from_env()])


def finish(decision_id: str, vendor_data: str | None, verdict: dict[str, object]) -> None:
    """Hand over to your task queue here. decision_id belongs under a unique index: deliveries repeat."""


@webhooks.django
def veriff(event: ine.Event) -> None:
    if event.type == "decision":
        finish(event.decision_id, event.vendor_data, event.verdict.to_dict())


urlpatterns = [path("webhooks/veriff", veriff)]
