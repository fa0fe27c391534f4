#!/usr/bin/env python3
"""How fast and how small ine-sandbox is, signatures checked: load.py INE-SANDBOX SANDBOX_LOAD [SESSIONS]. Prints one row a step;
per_core_second counts the sandbox's own processor time only."""

from __future__ import annotations

import json
import subprocess
import sys
import time


def main(sandbox: str, load: str, sessions: str = "20000") -> int:
    begun = time.monotonic()
    with subprocess.Popen(
        [sandbox, "--json", "--exit-with-stdin", "--decision-delay-ms", "0"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as process:
        assert process.stdin and process.stdout
        ready = json.loads(process.stdout.readline())
        print(f"sandbox ready after {(time.monotonic() - begun) * 1000:.0f} ms", flush=True)
        words = [str(ready["port"]), str(ready["pid"]), ready["api_key"], ready["secret"], sessions, sessions]
        done = subprocess.run([load, *words], check=False, stdout=subprocess.PIPE, text=True)
        for line in done.stdout.splitlines():
            row = json.loads(line)
            print(
                f"sandbox {row['step']:<9} {row['per_second']:>8} a second {row['per_core_second']:>8} a second of one core"
                f" {row['megabytes']:>5} MB",
                flush=True,
            )
        process.stdin.close()
        return done.returncode or process.wait(20)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
