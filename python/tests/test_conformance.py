"""The scenarios that every language runs: the same requests to the byte, the same results (bindings/conformance)."""

from __future__ import annotations

import asyncio
import base64
import datetime
import json
from pathlib import Path
from typing import Any

import libine as ine
import pytest

ROOT = Path(__file__).resolve().parents[2]
Scenario = dict[str, Any]
MS = {"poll_first_ms": "poll_first", "poll_max_ms": "poll_max", "deadline_ms": "timeout"}


def scenarios(name: str) -> list[Any]:
    found = json.loads((ROOT / "bindings" / "conformance" / f"{name}.json").read_text(encoding="utf-8"))
    return [pytest.param(one, id=one["name"]) for one in found]


def settings_of(given: dict[str, Any]) -> dict[str, Any]:
    """INE_NAMES_OPTION and ine.h's numbers as this package's settings."""
    out: dict[str, Any] = {}
    for name, value in given.items():
        if name in MS:
            out[MS[name]] = value / 1000
        elif name == "today":
            out[name] = datetime.date(value // 10000, value // 100 % 100, value % 100)
        elif name == "require":
            out[name] = [check for at, check in enumerate(ine.Check, 1) if value >> at & 1]
        elif name == "reply_signatures":
            out[name] = ("default", "require", "off")[value]
        else:
            out[name] = value
    return out


def image_of(value: Any) -> Any:
    return base64.b64decode(value["base64"]) if isinstance(value, dict) else value


class Script:
    """A transport that expects each request in turn and answers as the scenario says."""

    def __init__(self, exchange: list[dict[str, Any]]) -> None:
        self.left = list(exchange)

    def send(self, request: ine.TransportRequest) -> ine.TransportReply:
        assert self.left, "one request more than the scenario has"
        step = self.left.pop(0)
        wanted, body = step["request"], request.body()
        assert (request.method, request.url.split("/", 3)[3]) == (wanted["method"], wanted["target"][1:])
        assert {name.lower(): value for name, value in request.headers} == wanted["headers"]
        assert body == (wanted["body"] or "").encode() and request.size == len(body)
        if "failure" in step:
            raise ine.TransportFailure(step["failure"])
        reply = step["reply"]
        return ine.TransportReply(reply["status"], [tuple(h) for h in reply["headers"]], reply["body"].encode())

    async def send_async(self, request: ine.TransportRequest) -> ine.TransportReply:
        await asyncio.sleep(0)
        return self.send(request)


def call(client: Any, asked: dict[str, Any]) -> Any:
    """The scenario's call; an awaitable of an AsyncClient."""
    who = {name: image_of(value) for name, value in asked.get("who", {}).items()}
    do = asked["do"]
    if do in ("verify", "start", "create_session"):
        return getattr(client, do)(**who)
    if do == "resume":
        return client.resume(asked["session_id"], **who)
    if do.startswith("raw_"):
        method, given = do.removeprefix("raw_").upper(), {n: asked.get(n) for n in ("query", "body")}
        return client.raw(method, asked["path"], id=asked.get("session_id"), **given)
    if do == "upload_media":
        image, given = image_of(asked["image"]), {n: asked[n] for n in ("context", "timestamp")}
        return client.upload_media(asked["session_id"], image, **given)
    if do == "collected_data":
        return client.collected_data(asked["session_id"], asked["body"])
    given = {"version": asked["version"]} if "version" in asked else {}
    return getattr(client, do)(asked.get("session_id") or asked.get("media_id") or asked["attempt_id"], **given)


def check_error(error: ine.Error, wanted: dict[str, Any]) -> None:
    got: dict[str, Any] = json.loads(error.to_json())["error"]
    assert error.code == wanted["code"] and type(error).__name__ == wanted.get("class", type(error).__name__)
    assert {name: got.get(name) for name in wanted if name != "problems"} == {
        name: value for name, value in wanted.items() if name != "problems"
    }
    problems = [{"field": p.field, "code": p.code, "severity": p.severity} for p in error.problems]
    assert problems == wanted.get("problems", problems)


def check_result(out: Any, wanted: dict[str, Any]) -> None:
    if isinstance(out, ine.Verdict):
        assert out.to_dict() == wanted["verdict"]
    elif isinstance(out, ine.Session):
        assert out.id == wanted["verdict"]["session"]["id"]
    else:
        assert out.kind.upper() == wanted["decision"]["kind"]
        assert out.bytes == wanted["decision"]["bytes"].encode()


@pytest.mark.parametrize("kind", ["sync", "async"])
@pytest.mark.parametrize("scenario", scenarios("calls"))
def test_calls(scenario: Scenario, kind: str) -> None:
    script = Script(scenario["exchange"])
    given = scenario["credentials"]
    settings = settings_of(scenario["settings"])
    creds = ine.Credentials(given["api_key"], *given["secrets"])

    async def awaited() -> Any:
        return await call(ine.AsyncClient(creds, transport=script.send_async, **settings), scenario["call"])

    try:
        if kind == "sync":
            out = call(ine.Client(creds, transport=script.send, **settings), scenario["call"])
        else:
            out = asyncio.run(awaited())
    except ine.Error as error:
        check_error(error, scenario["result"].get("error", {"code": "none was expected"}))
    else:
        check_result(out, scenario["result"])
    assert not script.left, "one request less than the scenario has"


@pytest.mark.parametrize("scenario", scenarios("webhooks"))
def test_webhooks(scenario: Scenario) -> None:
    reasons: list[str] = []
    creds = [ine.Credentials(c["api_key"], *c["secrets"], label=c["label"]) for c in scenario["credentials"]]
    webhooks = ine.Webhooks(creds, on_refused=reasons.append)
    headers, wanted = [tuple(pair) for pair in scenario["headers"]], scenario["result"]
    try:
        event = webhooks.open(headers, scenario["body"].encode())
    except ine.WebhookRefused:
        assert reasons == [wanted.get("refused")]
    except ine.Error as error:
        assert error.code == wanted["error"]["code"]
    else:
        told = {name: getattr(event, name) for name in wanted["event"] if name not in ("type", "outcome")}
        told |= {"type": event.type.upper(), "outcome": event.verdict.outcome}
        assert told == wanted["event"]


@pytest.mark.parametrize("scenario", scenarios("bodies"))
def test_bodies(scenario: Scenario) -> None:
    body = (ROOT / scenario["file"]).read_bytes() if "file" in scenario else scenario["body"].encode()
    try:
        verdict = ine.interpret(body, require=scenario.get("require", ()))
    except ine.Error as error:
        check_error(error, scenario["result"].get("error", {"code": "none was expected"}))
    else:
        assert verdict.to_dict() == scenario["result"]["verdict"]
