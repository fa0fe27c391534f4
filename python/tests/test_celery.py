"""Celery with its prefork pool, a broker of files and a client that was made before the fork."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import libine as ine
import pytest
from conftest import KEY, SECRET
from libine.testing import Sandbox

TASKS = """
import os
import libine as ine
from celery import Celery

folder = os.environ["TASKS_FOLDER"]
app = Celery("tasks", broker="filesystem://", backend=f"file://{folder}/results")
app.conf.broker_transport_options = {
    "data_folder_in": f"{folder}/queue", "data_folder_out": f"{folder}/queue", "control_folder": f"{folder}/control",
}
client = ine.Client.from_env()
nobody = ine.Client(ine.Credentials.from_env(), "http://127.0.0.1:9", retries=0)
master = os.getpid()
assert client.decision.__doc__


@app.task
def verify(cic):
    assert os.getpid() != master
    return client.verify(cic=cic, selfie=ine.testing.picture(), consent=True, vendor_data="case").to_dict()


@app.task
def finish(decision_id, vendor_data, verdict):
    return [decision_id, vendor_data, verdict["outcome"]]


@app.task(bind=True, max_retries=1)
def start(self, **who):
    try:
        nobody.start(**who, selfie=ine.testing.picture())
    except ine.InputError as e:
        return [(p.field, p.code) for p in e.problems]
    except ine.Error as e:
        if not e.retryable or self.request.retries == 1:
            return [e.code, self.request.retries]
        raise self.retry(countdown=e.retry_after or 0.1)
"""


@pytest.fixture
def tasks(ine_sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """The module of the tasks, with a worker of two processes."""
    for name in ("queue", "results", "control"):
        (tmp_path / name).mkdir()
    (tmp_path / "libine_tasks.py").write_text(TASKS)
    key, secret = ine_sandbox.keys()
    environ = {"INE_API_KEY": key, "INE_SECRET": secret, "INE_BASE_URL": ine_sandbox.base_url}
    for name, value in (environ | {"TASKS_FOLDER": str(tmp_path)}).items():
        monkeypatch.setenv(name, value)
    monkeypatch.syspath_prepend(str(tmp_path))
    command = [sys.executable, "-m", "celery", "-A", "libine_tasks", "worker", "--pool=prefork", "--concurrency=2"]
    worker = subprocess.Popen(
        [*command, "--loglevel=warning", "--without-gossip", "--without-mingle"],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(tmp_path)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        import libine_tasks  # type: ignore[import-not-found,unused-ignore]

        yield libine_tasks
    finally:
        sys.modules.pop("libine_tasks", None)
        worker.send_signal(signal.SIGTERM)
        try:
            worker.communicate(timeout=20)
        except subprocess.TimeoutExpired:
            worker.kill()
            worker.communicate()


def results(pending: list[Any], seconds: float = 60) -> list[Any]:
    end = time.monotonic() + seconds
    while not all(one.ready() for one in pending):
        assert time.monotonic() < end, "the worker does not answer"
        time.sleep(0.05)
    return [one.get(timeout=5) for one in pending]


def test_tasks_of_a_prefork_worker(tasks: Any) -> None:
    event = ine.Webhooks(creds := ine.Credentials(KEY, SECRET)).open(
        *ine.testing.signed_webhook("lost_or_stolen", creds, vendor_data="case-7")
    )
    pending = [tasks.verify.delay(cic) for cic in ("900100001", "581000001", "900100001", "581000001")]
    pending.append(tasks.finish.delay(event.decision_id, event.vendor_data, event.verdict.to_dict()))
    pending.append(tasks.start.delay(cic="12", consent=True, vendor_data="x"))
    pending.append(tasks.start.delay(cic="900100001", consent=True, vendor_data="x"))
    *verdicts, finished, refused, unreachable = results(pending)
    assert [v["outcome"] for v in verdicts] == ["VERIFIED", "NOT_VERIFIED"] * 2
    assert finished == [event.decision_id, "case-7", "NOT_VERIFIED"]
    assert ["document.number", "LENGTH"] in refused
    assert unreachable == ["CONNECT", 1]
