"""Plain ASGI, for any server. INE_API_KEY and INE_SECRET are set; run with: uvicorn asgi_app:app"""

import libine as ine

webhooks = ine.Webhooks([ine.Credentials.from_env()])


def finish(decision_id: str, vendor_data: str | None, verdict: dict[str, object]) -> None:
    """Hand over to your task queue here. decision_id belongs under a unique index: deliveries repeat."""


async def veriff(event: ine.Event) -> None:
    if event.type == "decision":
        finish(event.decision_id, event.vendor_data, event.verdict.to_dict())


app = webhooks.asgi(veriff)
