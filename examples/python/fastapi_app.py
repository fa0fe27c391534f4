"""FastAPI (Starlette likewise). INE_API_KEY and INE_SECRET are set; run with: uvicorn fastapi_app:app"""

from typing import Annotated

import libine as ine
from fastapi import Depends, FastAPI

app = FastAPI()
webhooks = ine.Webhooks([ine.Credentials.from_env()])


def finish(decision_id: str, vendor_data: str | None, verdict: dict[str, object]) -> None:
    """Hand over to your task queue here. decision_id belongs under a unique index: deliveries repeat."""


@app.post("/webhooks/veriff")
async def veriff(event: Annotated[ine.Event, Depends(webhooks.fastapi)]) -> None:
    if event.type == "decision":
        finish(event.decision_id, event.vendor_data, event.verdict.to_dict())
