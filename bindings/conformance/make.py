#!/usr/bin/env python3
"""Makes calls.json, webhooks.json and bodies.json, which every language runs (README.md).

    make.py write RUN     writes them; RUN is the program tests/conformance/run of a build, which records results
    make.py check RUN     fails when they are not what `write` would write

What must be sent is written here by hand and signed with Python's own hmac. What the library says comes from RUN.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

import bodies
import calls
import webhooks

HERE = Path(__file__).resolve().parent
PARTS = {"calls": calls.scenarios, "webhooks": webhooks.scenarios, "bodies": bodies.scenarios}


def recorded(run: str, kind: str, scenarios: list[dict]) -> list[dict]:
    """The scenarios with the library's results."""
    with tempfile.NamedTemporaryFile("w", suffix=".json", encoding="utf-8") as file:
        json.dump(scenarios, file)
        file.flush()
        done = subprocess.run([run, "--record", kind, file.name], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise SystemExit(f"{kind}: {done.stderr or done.stdout}")
    results = [json.loads(line) for line in done.stdout.splitlines()]
    return [scenario | {"result": result} for scenario, result in zip(scenarios, results, strict=True)]


def text_of(scenarios: list[dict]) -> str:
    lines = [json.dumps(scenario, ensure_ascii=False) for scenario in scenarios]
    return "[\n" + ",\n".join(lines) + "\n]\n"


def main(arguments: list[str]) -> int:
    if len(arguments) != 2 or arguments[0] not in ("write", "check"):
        print(__doc__, file=sys.stderr)
        return 2
    stale = 0
    for kind, scenarios in PARTS.items():
        path = HERE / f"{kind}.json"
        text = text_of(recorded(arguments[1], kind, scenarios()))
        if arguments[0] == "write":
            path.write_text(text, encoding="utf-8")
        elif not path.exists() or path.read_text(encoding="utf-8") != text:
            print(f"{path.name} is stale; run: make.py write {arguments[1]}")
            stale = 1
    return stale


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
