"""A Client has no thread: who waits for a call does the work of all, and hands it over when it stops waiting."""

from __future__ import annotations

import os
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import libine as ine
import pytest
from libine import _core
from libine.testing import Sandbox


def outcomes(pending: list[Future[ine.Verdict]]) -> list[str]:
    return [str(one.result(timeout=60).outcome) for one in pending]


def threads_of_the_library() -> list[str]:
    names = []
    for task in os.listdir("/proc/self/task"):
        with open(f"/proc/self/task/{task}/comm") as file:
            names.append(file.read().strip())
    return [name for name in names if name == "libine"]


def test_no_thread_is_started(ine_sandbox: Sandbox) -> None:
    before = threads_of_the_library()
    client = ine_sandbox.client()
    seen: list[list[str]] = []
    assert client.verify(**ine_sandbox.person(), on_created=lambda s: seen.append(threads_of_the_library())).verified
    assert seen == [before]


def test_many_threads_share_one_client(ine_sandbox: Sandbox) -> None:
    client = ine_sandbox.client()
    names = ("approved", "selfie_mismatch", "registry_unavailable", "lost_or_stolen")
    expected = {name: client.verify(**ine_sandbox.person(name)).outcome for name in names}
    with ThreadPoolExecutor(12) as pool:
        wanted = [name for name in names for _ in range(12)]
        pending = [pool.submit(client.verify, **ine_sandbox.person(name)) for name in wanted]
        assert outcomes(pending) == [expected[name] for name in wanted]
    assert not client._driver.calls and not client._waiting


def test_a_thread_in_its_hook_holds_nobody_up(ine_sandbox: Sandbox) -> None:
    """Its hook ends only when the other thread's call has: that thread has to do its own work."""
    client, ended = ine_sandbox.client(), threading.Event()
    created = threading.Event()

    def slow(session: ine.Session) -> None:
        created.set()
        assert ended.wait(50)

    with ThreadPoolExecutor(1) as pool:
        pending = pool.submit(client.verify, **ine_sandbox.person("lost_or_stolen"), on_created=slow)
        assert created.wait(50)
        assert client.verify(**ine_sandbox.person()).verified
        ended.set()
        assert outcomes([pending]) == ["NOT_VERIFIED"]


def test_who_did_the_work_gives_up_and_the_other_goes_on(ine_sandbox: Sandbox) -> None:
    ine_sandbox.set("decision_delay", 2)
    client, created = ine_sandbox.client(), threading.Event()
    with ThreadPoolExecutor(1) as pool:
        late = pool.submit(client.verify, **ine_sandbox.person(), timeout=1, on_created=lambda s: created.set())
        assert created.wait(50)
        assert client.verify(**ine_sandbox.person()).verified
        with pytest.raises(ine.DeadlineError):
            late.result(timeout=60)


@pytest.mark.parametrize("fed", [False, True], ids=["libcurl", "callable"])
def test_close_from_another_thread_ends_a_call(ine_sandbox: Sandbox, fed: bool) -> None:
    ine_sandbox.set("decision_delay", 60)
    created = threading.Event()

    def send(request: ine.TransportRequest) -> ine.TransportReply:
        target = request.url.removeprefix(ine_sandbox.base_url)
        return ine.TransportReply(*ine_sandbox.request(request.method, target, dict(request.headers), request.body()))

    options: dict[str, Any] = {"transport": send} if fed else {}
    client = ine_sandbox.client(**options)
    with ThreadPoolExecutor(1) as pool:
        pending = pool.submit(client.verify, **ine_sandbox.person(), on_created=lambda s: created.set())
        assert created.wait(50)
        client.close()
        with pytest.raises(ine.CancelledError):
            pending.result(timeout=60)
    with pytest.raises(RuntimeError, match="closed"):
        client.verify(**ine_sandbox.person())


def test_a_wait_that_is_woken_often_keeps_its_time(ine_sandbox: Sandbox) -> None:
    """Every hand-over wakes somebody; what was woken has not waited for its whole slice. One of the two does the work,
    the other is woken."""
    ine_sandbox.set("decision_delay", 1)
    client, ended = ine_sandbox.client(), threading.Event()
    session = client.start(**ine_sandbox.person())

    def wake() -> None:
        while not ended.wait(0.0005):
            for queue in tuple(client._waiting):
                _core.ine_queue_wake(queue)

    with ThreadPoolExecutor(3) as pool:
        pool.submit(wake)
        try:
            pending = [pool.submit(client.wait, session.id, timeout=20) for _ in range(2)]
            assert outcomes(pending) == ["VERIFIED", "VERIFIED"]
        finally:
            ended.set()


@pytest.mark.parametrize("fed", [False, True], ids=["libcurl", "stdlib"])
def test_a_coroutine_function_is_no_hook_of_a_client(ine_sandbox: Sandbox, fed: bool) -> None:
    """It would never run: the session would never be stored."""

    async def store(session: ine.Session) -> None:
        raise AssertionError("nobody awaits it")

    seen: list[ine.Attempt] = []
    options: dict[str, Any] = {"transport": "stdlib"} if fed else {}
    client = ine_sandbox.client(on_attempt=seen.append, **options)
    with pytest.raises(TypeError, match="AsyncClient"):
        client.verify(**ine_sandbox.person(), on_created=store)
    assert [a.method for a in seen] == ["POST"] and not client._driver.calls


def test_a_coroutine_function_is_no_transport_of_a_client(ine_sandbox: Sandbox) -> None:
    async def send(request: ine.TransportRequest) -> ine.TransportReply:
        raise AssertionError("nobody awaits it")

    with pytest.raises(TypeError, match="AsyncClient"):
        ine_sandbox.client(transport=send).verify(**ine_sandbox.person())


def test_threads_of_a_forked_child_make_one_client(ine_sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a worker with threads that was forked from a process with a client: nothing forks here, the first call
    of each thread finds a client of another process."""
    driver = ine_sandbox.client()._driver
    made: list[Any] = []
    both = threading.Barrier(2)

    def slow(*rest: Any) -> Any:
        made.append(new(*rest))
        late.wait(0.2)
        return made[-1]

    def first() -> Any:
        both.wait(20)
        return driver.client()

    new, late = _core.ine_client_new, threading.Event()
    driver._pid = 0
    monkeypatch.setattr(_core, "ine_client_new", slow)
    with ThreadPoolExecutor(2) as pool:
        pending = [pool.submit(first) for _ in range(2)]
        assert pending[0].result(timeout=60) is pending[1].result(timeout=60)
    assert len(made) == 1


def test_a_hook_that_closes_the_client_cancels_its_call(ine_sandbox: Sandbox) -> None:
    client = ine_sandbox.client()
    with pytest.raises(ine.CancelledError):
        client.verify(**ine_sandbox.person(), on_created=lambda session: client.close())
    assert not client._driver.calls and not client._waiting
