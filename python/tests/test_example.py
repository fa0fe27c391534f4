"""The example of the README, as a user's test writes it: the plugin's fixture, a FastAPI application, a task's errors."""

import os
from typing import Annotated, Any

import libine as ine
import pytest
from conftest import KEY, SECRET
from fastapi import Depends, FastAPI
from fastapi.testclient import TestClient
from libine.testing import Sandbox

creds = ine.Credentials(KEY, SECRET)
finished: list[tuple[str, str | None, dict[str, Any]]] = []
app = FastAPI()
webhooks = ine.Webhooks([creds])


@app.post("/webhooks/veriff")
async def veriff(event: Annotated[ine.Event, Depends(webhooks.fastapi)]) -> None:
    if event.type == "decision":
        finished.append((event.decision_id, event.vendor_data, event.verdict.to_dict()))


@pytest.fixture
def api() -> TestClient:
    return TestClient(app)


def test_selfie_mismatch(ine_sandbox: Sandbox, api: TestClient) -> None:
    v = ine_sandbox.client().verify(**ine_sandbox.person("selfie_mismatch"))
    assert (v.outcome, v.root_cause) == ("NOT_VERIFIED", "selfie_registry_match")
    headers, body = ine.testing.signed_webhook("lost_or_stolen", creds)
    assert api.post("/webhooks/veriff", headers=headers, content=body).status_code == 200
    assert finished[-1][2]["root_cause"] == "not_reported_lost_or_stolen"


def test_five_lines(ine_sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    key, secret = ine_sandbox.keys()
    monkeypatch.chdir(tmp_path)
    for name, value in (("INE_API_KEY", key), ("INE_SECRET", secret), ("INE_BASE_URL", ine_sandbox.base_url)):
        monkeypatch.setitem(os.environ, name, value)
    with open("selfie.jpg", "wb") as file:
        file.write(ine.testing.picture())

    client = ine.Client.from_env()
    verdict = client.verify(cic="123456789", selfie="selfie.jpg", consent=True, vendor_data=17, timeout=120)
    assert verdict.verified and verdict.text("es-MX").citizen and verdict.advice == "NONE"
    client.close()


def test_a_task(ine_sandbox: Sandbox) -> None:
    """What a task does with each error of start()."""
    log: list[Any] = []
    db: dict[str, str] = {}

    def task(client: ine.Client, **who: Any) -> None:
        try:
            client.start(**who, on_created=lambda s: db.setdefault("session", s.id))
        except ine.InputError as e:
            log.append([(p.field, p.code, p.hint) for p in e.problems])
        except ine.OutcomeUnknownError as e:
            log.append(e.vendor_data)
        except ine.Error as e:
            if not e.retryable:
                raise
            log.append(e.retry_after or 30)

    task(ine_sandbox.client(), **ine_sandbox.person())
    assert db["session"] and not log
    task(ine_sandbox.client(), cic="12", consent=True, vendor_data="x", selfie=ine.testing.picture())
    assert log[-1][0][0] == "document.number"
    task(ine.Client(ine_sandbox.credentials, "http://127.0.0.1:9", retries=0), **ine_sandbox.person())
    assert log[-1] == 30
