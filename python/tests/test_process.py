"""Forks, signals, the GIL and the interpreter's end: each in a process of its own."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import struct
import subprocess
import sys
import textwrap
import time
import zlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import libine as ine
import pytest
from conftest import KEY, ODD, SECRET, sign
from libine.testing import Sandbox

EXAMPLES = Path(__file__).resolve().parents[2] / "examples" / "python"
BEGIN = """
import os, sys, time, signal, threading
import libine as ine
creds = ine.Credentials(os.environ["INE_API_KEY"], os.environ["INE_SECRET"])
client = ine.Client.from_env()
who = dict(cic="900100001", selfie=ine.testing.picture(), consent=True, vendor_data="case")
"""


def environment(sandbox: Sandbox) -> dict[str, str]:
    key, secret = sandbox.keys()
    return os.environ | {"INE_API_KEY": key, "INE_SECRET": secret, "INE_BASE_URL": sandbox.base_url}


def python(sandbox: Sandbox, code: str, **options: Any) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-X", "dev", "-W", "error::ResourceWarning", "-c", BEGIN + textwrap.dedent(code)],
        env=environment(sandbox),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        **options,
    )


def finish(process: subprocess.Popen[str], seconds: float = 60) -> tuple[str, str]:
    try:
        return process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        raise


def test_fork_after_use(ine_sandbox: Sandbox) -> None:
    process = python(
        ine_sandbox,
        """
        assert client.verify(**who).verified
        webhooks = ine.Webhooks([creds])
        headers, body = ine.testing.signed_webhook("approved", creds)
        children = []
        for _ in range(4):
            pid = os.fork()
            if pid == 0:
                good = client.verify(**who).verified and webhooks.open(headers, body).verdict.verified
                client.close()
                os._exit(0 if good else 1)
            children.append(pid)
        assert client.verify(**who).verified
        print([os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) for pid in children])
        assert client.verify(**who).verified
        """,
    )
    out, err = finish(process)
    assert (out.strip(), process.returncode) == ("[0, 0, 0, 0]", 0), err


def test_only_a_call_in_flight_fails_at_a_fork(ine_sandbox: Sandbox) -> None:
    ine_sandbox.set("decision_delay", 1)
    process = python(
        ine_sandbox,
        """
        child = 0
        def created(session):
            global child
            child = os.fork()
        try:
            verdict = client.verify(**who, on_created=created)
        except ine.ForkedError:
            assert child == 0
            os._exit(0 if client.verify(**who).verified else 2)
        assert child > 0 and verdict.verified
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
        """,
    )
    out, err = finish(process)
    assert (out.strip(), process.returncode) == ("0", 0), err


def test_another_interpreter_of_the_process_is_told_so() -> None:
    code = """
import libine
assert libine.Verdict
try:
    import _xxsubinterpreters as interpreters
except ImportError:
    import _interpreters as interpreters
other = interpreters.create()
interpreters.run_string(other, "try:\\n import libine\\n libine.Verdict\\nexcept ImportError as e:\\n print(e, flush=True)")
"""
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=60)
    assert "main interpreter" in run.stdout, run.stdout + run.stderr


@pytest.mark.parametrize(
    ("code", "absent"),
    [
        ("import libine", ["libine._core", "typing", "asyncio", "logging", "json", "ssl"]),
        ("import libine; libine.Webhooks", ["asyncio", "logging", "json", "ssl", "socket", "libine._client"]),
        ("import libine; libine.Client", ["asyncio", "logging", "json", "ssl", "socket", "threading", "inspect"]),
    ],
    ids=["nothing", "Webhooks", "Client"],
)
def test_only_what_is_asked_for_is_loaded(code: str, absent: list[str]) -> None:
    """-S: without the files of other packages that are run at the start."""
    folder = str(Path(ine.__file__).resolve().parents[1])
    told = "import sys; print([name for name in sys.argv[1:] if name in sys.modules])"
    run = subprocess.run(
        [sys.executable, "-S", "-c", f"{code}; {told}", *absent],
        env=os.environ | {"PYTHONPATH": folder},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.stdout.strip() == "[]", run.stdout + run.stderr


@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_multiprocessing(ine_sandbox: Sandbox, method: str, tmp_path: Path) -> None:
    script = tmp_path / "work.py"
    script.write_text(
        BEGIN
        + textwrap.dedent(
            f"""
            import multiprocessing
            def work(n):
                return client.verify(**who)
            if __name__ == "__main__":
                assert client.verify(**who).verified
                with multiprocessing.get_context({method!r}).Pool(2) as pool:
                    print([v.outcome.value for v in pool.map(work, range(4))])
            """
        )
    )
    run = subprocess.run(
        [sys.executable, str(script)],
        env=environment(ine_sandbox),
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
    )
    assert run.stdout.strip() == str(["VERIFIED"] * 4), run.stderr


def test_ctrl_c_ends_a_call_at_once_and_leaves_a_client_that_works(ine_sandbox: Sandbox) -> None:
    ine_sandbox.set("decision_delay", 300)
    process = python(
        ine_sandbox,
        """
        try:
            client.verify(**who, on_created=lambda s: print("created", flush=True))
        except KeyboardInterrupt:
            print("interrupted", len(client._driver.calls), flush=True)
        try:
            client.wait("00000000-0000-4000-8000-000000000000")
        except ine.NotFoundError:
            print("works")
        """,
    )
    assert process.stdout is not None and process.stdout.readline() == "created\n"
    time.sleep(0.3)
    process.send_signal(signal.SIGINT)
    out, err = finish(process)  # which waits for less than the decision takes
    assert out == "interrupted 0\nworks\n", err


def test_an_image_from_a_path_is_sent_in_constant_memory(ine_sandbox: Sandbox, tmp_path: Path) -> None:
    """12 MB of noise, which neither a compressor nor a cut makes smaller."""
    rows = b"".join(b"\0" + os.urandom(4095) for _ in range(3072))
    parts = [
        (b"IHDR", struct.pack(">IIBBBBB", 4095, 3072, 8, 0, 0, 0, 0)),
        (b"IDAT", zlib.compress(rows, 0)),
        (b"IEND", b""),
    ]
    chunks = (struct.pack(">I", len(d)) + k + d + struct.pack(">I", zlib.crc32(k + d)) for k, d in parts)
    (tmp_path / "large.png").write_bytes(b"\x89PNG\r\n\x1a\n" + b"".join(chunks))
    process = python(
        ine_sandbox,
        f"""
        import resource
        assert client.verify(**who).verified
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        for image in ({str(tmp_path / "large.png")!r}, open({str(tmp_path / "large.png")!r}, "rb")):
            seen = []
            assert client.verify(**(who | dict(selfie=image)), on_created=seen.append).verified
        image.close()
        print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
        """,
    )
    out, err = finish(process)
    assert out and int(out) < 3 * 1024, err


def test_the_gil_is_free_while_a_call_waits(ine_sandbox: Sandbox) -> None:
    ine_sandbox.set("decision_delay", 0.5)
    process = python(
        ine_sandbox,
        """
        counted = 0
        def count():
            global counted
            while not done.is_set():
                counted += 1
                time.sleep(0.001)
        done = threading.Event()
        thread = threading.Thread(target=count)
        thread.start()
        client.verify(**who)
        done.set()
        thread.join()
        print(counted > 50)
        """,
    )
    out, err = finish(process)
    assert out.strip() == "True", err


@pytest.mark.parametrize("end", ["pass", "sys.exit(0)", "raise SystemExit"])
def test_the_interpreter_ends_cleanly_while_busy(ine_sandbox: Sandbox, end: str) -> None:
    ine_sandbox.set("decision_delay", 60)
    process = python(
        ine_sandbox,
        f"""
        created = threading.Event()
        threading.Thread(target=lambda: client.verify(**who, on_created=lambda s: created.set()), daemon=True).start()
        created.wait(20)
        import asyncio
        a = ine.AsyncClient(creds, os.environ["INE_BASE_URL"])
        async def main():
            asyncio.ensure_future(a.verify(**who))
            await asyncio.sleep(0.2)
        asyncio.run(main())
        print("end", flush=True)
        {end}
        """,
    )
    out, err = finish(process)
    assert out == "end\n" and process.returncode == 0, err
    assert "Fatal" not in err and "Segmentation" not in err


CLIENT_APP = """
import os
import libine as ine

client = ine.Client.from_env()
who = dict(cic="900100001", selfie=ine.testing.picture(32, 32), consent=True, vendor_data="case")
assert client.verify(**who).verified


def app(environ, start_response):
    good = client.verify(**who).verified
    start_response("200 OK" if good else "500 Internal Server Error", [("X-Worker", str(os.getpid()))])
    return [b""]
"""


@contextlib.contextmanager
def gunicorn(folder: Path, app: str, environ: dict[str, str]) -> Iterator[str]:
    """The URL of an application that was loaded before its four workers were forked."""
    config = folder / "config.py"
    config.write_text("bind = '127.0.0.1:0'\nworkers = 4\npreload_app = True\nloglevel = 'info'\n")
    process = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "-c", str(config), "--chdir", str(folder), app],
        env=os.environ | environ,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stderr is not None
        url, workers = "", 0
        for line in process.stderr:
            if "Listening at:" in line:
                url = line.split("Listening at: ")[1].split()[0]
            workers += "Booting worker" in line
            if workers == 4:
                break
        assert url
        yield url
    finally:
        process.terminate()
        process.communicate(timeout=20)


def test_gunicorn_with_a_receiver_from_before_the_fork(tmp_path: Path) -> None:
    shutil.copy(EXAMPLES / "wsgi_app.py", tmp_path)
    with gunicorn(tmp_path, "wsgi_app:app", {"INE_API_KEY": KEY, "INE_SECRET": SECRET.decode()}) as url:
        headers = {"X-Auth-Client": KEY, "X-HMAC-Signature": sign(ODD)}
        statuses = [httpx.post(url, headers=headers, content=ODD).status_code for _ in range(12)]
        refused = [httpx.post(url, headers=headers, content=ODD + b" ").status_code for _ in range(4)]
        assert statuses == [200] * 12 and refused == [401] * 4
        parts = [ODD[:100], ODD[100:]]
        assert [httpx.post(url, headers=headers, content=iter(parts)).status_code for _ in range(2)] == [200] * 2
        assert httpx.post(url, headers=headers, content=iter([ODD, b" " * (4 << 20)])).status_code == 401


def test_gunicorn_with_a_client_that_was_used_before_the_fork(ine_sandbox: Sandbox, tmp_path: Path) -> None:
    (tmp_path / "client_app.py").write_text(CLIENT_APP)
    with gunicorn(tmp_path, "client_app:app", environment(ine_sandbox)) as url:
        with ThreadPoolExecutor(8) as pool:
            replies = list(pool.map(lambda _: httpx.get(url, timeout=60), range(24)))
        assert [reply.status_code for reply in replies] == [200] * 24
        assert len({reply.headers["X-Worker"] for reply in replies}) > 1


def test_the_command_line(ine_sandbox: Sandbox, tmp_path: Path) -> None:
    creds = ine.Credentials(KEY, SECRET)
    headers, body = ine.testing.signed_webhook("selfie_mismatch", creds)
    (tmp_path / "body").write_bytes(body)
    (tmp_path / "headers").write_text("".join(f"{n}: {v}\n" for n, v in headers.items()))

    def run(*arguments: str) -> tuple[int, str]:
        environ = os.environ | {"INE_API_KEY": KEY, "INE_SECRET": SECRET.decode()}
        done = subprocess.run(
            [sys.executable, "-m", "libine", *arguments],
            cwd=tmp_path,
            env=environ,
            capture_output=True,
            text=True,
            check=False,
        )
        return done.returncode, done.stdout + done.stderr

    code, out = run("explain", "body")
    assert code == 1 and "selfie_registry_match" in out and "JUAN" not in out
    assert run("explain", "body", "--json") == (1, ine.interpret(body).to_json() + "\n")
    assert run("check", "--cic", "123")[0] == 2
    code, out = run("doctor", "--headers", "headers", "--body", "body")
    assert code == 0 and "NONE" in out
    (tmp_path / "body").write_bytes(body + b"\n")
    code, out = run("doctor", "--headers", "headers", "--body", "body")
    assert code == 4 and "TRAILING_NEWLINE" in out and SECRET.decode() not in out
    assert run("explain", "absent")[0] == 2 and run("--version")[0] == 0


def test_the_command_line_sandbox_and_the_example(tmp_path: Path) -> None:
    (tmp_path / "selfie.png").write_bytes(ine.testing.picture())
    server = subprocess.Popen([sys.executable, "-m", "libine", "sandbox"], stdout=subprocess.PIPE, text=True)
    try:
        assert server.stdout is not None
        lines = [server.stdout.readline().strip() for _ in range(3)]
        environ = os.environ | dict(line.split("=", 1) for line in lines)
        for cic, code, text in (
            ("900100001", 0, "VERIFIED"),
            ("581000001", 1, "NOT_VERIFIED"),
            ("12", 2, "document.number"),
        ):
            run = subprocess.run(
                [sys.executable, str(EXAMPLES / "verify.py"), cic, "selfie.png", "case"],
                cwd=tmp_path,
                env=environ,
                capture_output=True,
                text=True,
                timeout=60,
                check=False,
            )
            assert run.returncode == code and text in run.stdout, run.stderr
    finally:
        server.send_signal(signal.SIGINT)
        assert server.wait(20) == 0
        assert server.stdout is not None
        server.stdout.close()
