"""asyncio and uvloop: no threads in the interpreter, cancellation, several loops, many at once."""

from __future__ import annotations

import asyncio
import gc
import json
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import libine as ine
import pytest
import uvloop
from libine import _core
from libine.testing import Sandbox

RUNS = [asyncio.run, uvloop.run]
FLOWS = Path(__file__).resolve().parents[2] / "bench" / "python" / "flows.py"
MANY = [1000, pytest.param(10_000, marks=pytest.mark.skipif("INE_LONG" not in os.environ, reason="long: INE_LONG=1"))]


@pytest.mark.parametrize("run", RUNS)
def test_several_runs_with_one_client(ine_sandbox: Sandbox, run: Any) -> None:
    client = ine_sandbox.async_client()

    async def main(name: str) -> ine.Verdict:
        stored: list[str] = []

        async def on_created(session: ine.Session) -> None:
            await asyncio.sleep(0)
            stored.append(session.id)

        verdict = await client.verify(**ine_sandbox.person(name), on_created=on_created)
        assert stored == [verdict.session_id]
        return verdict

    for name in ("approved", "selfie_mismatch", "lost_or_stolen"):
        assert run(main(name)).verified is (name == "approved")


@pytest.mark.parametrize("run", RUNS)
def test_cancelling_the_task_cancels_the_call(ine_sandbox: Sandbox, run: Any) -> None:
    ine_sandbox.set("decision_delay", 60)
    client = ine_sandbox.async_client()

    async def main() -> None:
        person = ine_sandbox.person(selfie=bytearray(ine_sandbox.person()["selfie"]))
        task = asyncio.ensure_future(client.verify(**person))
        await asyncio.sleep(0.5)
        task.cancel()
        await asyncio.wait({task}, timeout=30)  # half of what the decision takes
        assert task.cancelled()
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.3):
                await client.verify(**ine_sandbox.person())
        for _ in range(200):
            if not client._driver.calls:
                break
            await asyncio.sleep(0.01)
        assert not client._driver.calls
        person["selfie"].append(0)

    run(main())


def test_a_loop_that_ends_with_a_call_in_flight_leaves_a_client_that_works(ine_sandbox: Sandbox) -> None:
    ine_sandbox.set("decision_delay", 30)
    client = ine_sandbox.async_client()

    async def abandon() -> None:
        asyncio.ensure_future(client.verify(**ine_sandbox.person()))
        await asyncio.sleep(0.3)

    asyncio.run(abandon())
    ine_sandbox.set("decision_delay", 0.05)

    async def again() -> bool:
        return (await client.verify(**ine_sandbox.person())).verified

    assert asyncio.run(again())
    client._driver.close()


def test_loops_in_two_threads_share_a_client(ine_sandbox: Sandbox) -> None:
    client, good = ine_sandbox.async_client(), list[bool]()

    async def main() -> None:
        verdicts = await asyncio.gather(*(client.verify(**ine_sandbox.person()) for _ in range(5)))
        good.extend(v.verified for v in verdicts)

    threads = [threading.Thread(target=asyncio.run, args=[main()]) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert good == [True] * 10


def test_many_at_once_and_no_thread_of_ours(ine_sandbox: Sandbox) -> None:
    client = ine_sandbox.async_client()

    async def main() -> list[ine.Verdict]:
        out = await asyncio.gather(*(client.verify(**ine_sandbox.person("selfie_mismatch")) for _ in range(50)))
        assert threading.active_count() <= 2, "the main thread and the sandbox's"
        return out

    verdicts = asyncio.run(main())
    assert {v.root_cause for v in verdicts} == {"selfie_registry_match"}


def test_aclose_cancels_what_is_under_way(ine_sandbox: Sandbox) -> None:
    ine_sandbox.set("decision_delay", 60)

    async def main() -> None:
        async with ine_sandbox.async_client() as client:
            task = asyncio.ensure_future(client.verify(**ine_sandbox.person()))
            await asyncio.sleep(0.3)
        with pytest.raises(ine.CancelledError):
            await task

    asyncio.run(main())


def test_a_client_that_is_dropped_while_busy_frees_what_it_was_lent(ine_sandbox: Sandbox) -> None:
    ine_sandbox.set("decision_delay", 60)
    image = bytearray(ine_sandbox.person()["selfie"])

    async def main() -> None:
        client = ine_sandbox.async_client()
        task = asyncio.ensure_future(client.verify(**ine_sandbox.person(selfie=image)))
        await asyncio.sleep(0.3)
        task.cancel()

    asyncio.run(main())
    gc.collect()
    assert _core.ine_version()


@pytest.mark.parametrize("count", MANY)
def test_a_thousand_verifications_at_once(count: int, capsys: pytest.CaptureFixture[str]) -> None:
    """On one event loop, against a sandbox in another process: all in flight before the first asks for its decision."""
    server = subprocess.Popen([sys.executable, "-m", "libine", "sandbox"], stdout=subprocess.PIPE, text=True)
    assert server.stdout is not None
    environ = dict(server.stdout.readline().strip().split("=", 1) for _ in range(3))
    swallow = threading.Thread(target=server.stdout.read)
    swallow.start()
    try:
        command = [sys.executable, str(FLOWS), str(count), "watched", f"poll={count / 250}"]
        run = subprocess.run(command, env=os.environ | environ, capture_output=True, text=True, timeout=240)
        assert run.returncode == 0, run.stderr
        told = json.loads(run.stdout)
    finally:
        server.terminate()
        server.wait(20)
        swallow.join()
        server.stdout.close()
    assert set(told) == {"seconds", "cpu", "memory", "blocked"}
    with capsys.disabled():
        print(
            f"\n{count} AsyncClient.verify() on one loop: {told['memory'] / 1024:.1f} KB and {told['cpu'] * 1e6:.0f} us "
            f"of CPU each, the loop was blocked for {told['blocked'] * 1e3:.0f} ms at most"
        )


def test_loops_that_were_closed_under_their_calls_keep_nothing(ine_sandbox: Sandbox) -> None:
    ine_sandbox.set("decision_delay", 60)
    client = ine_sandbox.async_client()
    for _ in range(2):
        loop = asyncio.new_event_loop()
        task = loop.create_task(client.verify(**ine_sandbox.person()))
        loop.run_until_complete(asyncio.sleep(0.1))
        loop.close()
        assert len(client._driver.calls) == 1
        task._log_destroy_pending = False  # type: ignore[attr-defined]
        (port,) = client._ports.values()
        for _ in range(500):
            port.sweep()
            if not client._driver.calls:
                break
            threading.Event().wait(0.02)
        assert not client._driver.calls and not port.waiting
        del port, task, loop
        gc.collect()

    async def main() -> None:
        ine_sandbox.set("decision_delay", 0)
        assert (await client.verify(**ine_sandbox.person())).verified
        await client.aclose()

    asyncio.run(main())
