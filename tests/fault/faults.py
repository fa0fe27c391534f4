"""A sandbox that fails as it is told, the library's driver against it, and what its log says of it."""

import concurrent.futures
import json
import os
import pathlib
import subprocess
import sys
import urllib.request

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "sandbox"))
import harness  # noqa: E402

DRIVER = os.environ.get("FAULT_DRIVER", str(harness.ROOT / "build" / "tests" / "fault" / "fault_driver"))
WORKERS = 4
ROUTES = {"create": "create", "media": "media", "submit": "submit", "decision": "decision", "delete": "delete"}


class Bench:
    """One sandbox; one case at a time."""

    def __init__(self, *options):
        self.sandbox = harness.Sandbox("--seed", "4", "--decision-delay-ms", "0", *options)

    def stop(self):
        return self.sandbox.stop()

    def admin(self, method, path, body=None):
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.sandbox.port}{path}",
            data=None if body is None else json.dumps(body).encode(),
            headers={"Content-Type": "application/json"},
            method=method,
        )
        with urllib.request.urlopen(request, timeout=30) as reply:
            return json.load(reply)

    def clear(self):
        self.admin("DELETE", "/sandbox/faults")

    def log(self):
        return self.admin("GET", "/sandbox/log")["requests"]

    def session(self, upto):
        """A session that a call can go on with."""
        client = self.sandbox.client()
        session = client.create(cic="900100001")
        if upto in ("submit", "decision"):
            assert client.upload(session).status == 200
        if upto == "decision":
            assert client.submit(session).status == 200
            client.decision(session)
        client.connection.close()
        return session

    def verify(self, secret=None, **changes):
        """A verification without the library."""
        client = self.sandbox.client(secret=secret)
        decision = client.verify(**changes)
        client.connection.close()
        return decision

    def driver(self, call, secret=None, stdin=None, base_url=None, **options):
        """What the driver prints, a line each."""
        s = self.sandbox
        words = [f"{name}={value}" for name, value in options.items() if value is not None]
        done = subprocess.run(
            [DRIVER, base_url or s.base_url, s.api_key, (secret or s.secret).decode(), call, *words],
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
            input=stdin,
        )
        assert done.returncode == 0, (call, options, done.returncode, done.stdout, done.stderr[-3000:])
        return [json.loads(line) for line in done.stdout.splitlines()]

    def case(self, fault, call, times=-1, variant=None, at=None, after=None, **options):
        """Results of the driver, and the requests of its route that came."""
        route = ROUTES.get(call)
        session = None if call in ("create", "verify") else self.session(call)
        self.clear()
        self.admin("DELETE", "/sandbox/log")
        rule = {"fault": fault, "times": times, "variant": variant, "at": at, "after": after}
        rule["route"] = options.pop("route", route)
        self.admin("POST", "/sandbox/faults", {k: v for k, v in rule.items() if v is not None})
        results = self.driver(call, session=session, **options)
        self.clear()
        requests = [line for line in self.log() if line["route"] == (rule["route"] or route)]
        return results, requests


def run_all(cases, work, *options):
    """work(bench, case) for each case, on a few sandboxes at a time; results in the cases' order."""
    benches = [Bench(*options) for _ in range(min(WORKERS, len(cases)))]
    free = list(benches)

    def one(case):
        bench = free.pop()
        try:
            return work(bench, case)
        finally:
            free.append(bench)

    try:
        with concurrent.futures.ThreadPoolExecutor(len(benches)) as pool:
            return list(pool.map(one, cases))
    finally:
        codes = [bench.stop() for bench in benches]
        assert codes == [0] * len(codes), codes


def show(title, rows):
    """The matrix, on standard output."""
    widths = [max(len(str(row[i])) for row in rows) for i in range(len(rows[0]))]
    print(f"\n{title}")
    for row in rows:
        print("  " + "  ".join(str(cell).ljust(width) for cell, width in zip(row, widths)).rstrip())
    sys.stdout.flush()
