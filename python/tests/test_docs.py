"""The code of docs/python.md, as it stands there, run from the installed package. python/wheel.sh runs this file too,
away from the clone, beside a copy of the page (INE_PAGE)."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Annotated, Any

import libine as ine
import pytest
from fastapi import Depends, FastAPI
from fastapi.testclient import TestClient
from libine.testing import Sandbox

PAGE = Path(os.environ.get("INE_PAGE") or Path(__file__).resolve().parents[2] / "docs" / "python.md")
TEXT = PAGE.read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```python\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)
KEY, SECRET = "5a4db0c5-1111-4111-8111-111111111111", b"secret of a test"


class Reader:
    """Who is reading: what the page's code takes from around it, and what it did to it."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.did: list[Any] = []
        self.app = FastAPI()
        self.client = sandbox.client()
        self.names: dict[str, Any] = {
            "ine": ine,
            "Annotated": Annotated,
            "Depends": Depends,
            "app": self.app,
            "creds": ine.Credentials(KEY, SECRET),
            "client": self.client,
            "who": sandbox.person("lost_or_stolen"),
            "user": SimpleNamespace(id=17),
            "user_id": 17,
            "open_account": lambda user: self.did.append(("open", user.id)),
            "show": lambda user, text, advice: self.did.append(("show", text, str(advice))),
            "finish": SimpleNamespace(delay=lambda *arguments: self.did.append(("finish", *arguments))),
            "self": SimpleNamespace(retry=self.retry),
            "db": SimpleNamespace(
                remember=lambda user, session: self.did.append(("remember", user, session)),
                refuse=lambda user, problems: self.did.append(("refuse", user, problems)),
                reconcile=lambda vendor_data: self.did.append(("reconcile", vendor_data)),
                seen=lambda decision_id: False,
            ),
            "log": SimpleNamespace(info=lambda *arguments: self.did.append(("log", *arguments))),
        }

    def retry(self, countdown: float) -> Exception:
        self.did.append(("retry", countdown))
        return InterruptedError()

    def run(self, part: str) -> None:
        """The one block that holds this text."""
        found = [block for block in BLOCKS if part in block]
        assert len(found) == 1, f"{len(found)} blocks hold {part}"
        exec(compile(found[0], str(PAGE), "exec"), self.names)


@pytest.fixture
def reader(ine_sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Reader:
    key, secret = ine_sandbox.keys()
    for name, value in (("INE_API_KEY", key), ("INE_SECRET", secret), ("INE_BASE_URL", ine_sandbox.base_url)):
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)
    Path("selfie.jpg").write_bytes(ine.testing.picture())
    return Reader(ine_sandbox)


def test_a_person_in_five_lines(reader: Reader) -> None:
    reader.run("Client.from_env()")
    assert reader.did == [("open", 17)]
    refused = BLOCKS[0].replace("123456789", "581000001")
    exec(compile(refused, str(PAGE), "exec"), reader.names)
    assert reader.did[1][0] == "show" and reader.did[1][1] and reader.did[1][2] == "NEW_SELFIE"


def test_a_webhook_in_two(reader: Reader) -> None:
    reader.run('@app.post("/webhooks/veriff")')
    headers, body = ine.testing.signed_webhook("lost_or_stolen", reader.names["creds"], vendor_data="case-7")
    api = TestClient(reader.app)
    assert api.post("/webhooks/veriff", headers=headers, content=body).status_code == 200
    ((_, decision_id, vendor_data, verdict),) = reader.did
    assert vendor_data == "case-7" and verdict["outcome"] == "NOT_VERIFIED" and decision_id
    assert api.post("/webhooks/veriff", headers=headers, content=body + b" ").status_code == 401
    assert len(reader.did) == 1


def test_the_errors_of_a_task(reader: Reader, ine_sandbox: Sandbox) -> None:
    part = "db.remember(user_id, s.id)"
    reader.run(part)
    assert reader.did[-1][:2] == ("remember", 17)
    reader.names["who"] = ine_sandbox.person(cic="12")
    reader.run(part)
    assert reader.did[-1][2][0][:2] == ("document.number", "LENGTH")

    def lost(request: ine.TransportRequest) -> ine.TransportReply:
        raise ine.TransportFailure("broken")

    reader.names |= {"client": ine_sandbox.client(transport=lost), "who": ine_sandbox.person(vendor_data="mine")}
    reader.run(part)
    assert reader.did[-1] == ("reconcile", "mine")
    nobody = ine.Client(ine_sandbox.credentials, "http://127.0.0.1:9", retries=0)
    reader.names |= {"client": nobody, "who": ine_sandbox.person()}
    with pytest.raises(InterruptedError):
        reader.run(part)
    assert reader.did[-1] == ("retry", 30)
    wrong = ine.Credentials(ine_sandbox.keys()[0], "another secret")
    reader.names |= {"client": ine.Client(wrong, ine_sandbox.base_url), "who": ine_sandbox.person()}
    with pytest.raises(ine.AuthError):
        reader.run(part)


def test_hooks(reader: Reader, ine_sandbox: Sandbox) -> None:
    reader.run("on_attempt=")
    assert reader.names["client"].verify(**ine_sandbox.person()).verified
    assert {entry[0] for entry in reader.did} == {"log"} and len(reader.did) >= 4


def test_a_test_of_your_own(reader: Reader, ine_sandbox: Sandbox) -> None:
    reader.run('@app.post("/webhooks/veriff")')
    reader.run("def test_selfie_mismatch(")
    reader.names["test_selfie_mismatch"](ine_sandbox, TestClient(reader.app))
    assert reader.did[-1][3]["root_cause"] == "not_reported_lost_or_stolen"


def test_no_block_is_left_out() -> None:
    """Every block of the page is run by one of the tests above."""
    parts = ("Client.from_env()", '@app.post("', "db.remember(", "on_attempt=", "def test_selfie_mismatch(")
    assert len(BLOCKS) == len(parts) and all(any(part in block for part in parts) for block in BLOCKS)


def test_the_commands(tmp_path: Path) -> None:
    named = set(re.findall(r"^python -m libine (\w+)", TEXT, re.MULTILINE))
    assert named == {"explain", "check", "doctor", "sandbox"}
    for name in named:
        run = subprocess.run([sys.executable, "-m", "libine", name, "--help"], cwd=tmp_path, capture_output=True)
        assert run.returncode == 0 and run.stdout


def test_every_name_and_every_setting_is_on_the_page() -> None:
    """Of what has no other place: settings, errors, and the functions of the module."""
    functions = [name for name in ine.__all__ if name.islower() and name != "testing"]
    errors = [name for name in ine.__all__ if name.endswith(("Error", "Refused"))]
    for name in [*ine.Settings.__annotations__, *errors, *functions]:
        assert f"`{name}" in TEXT or f".{name}(" in TEXT, name
