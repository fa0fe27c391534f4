"""Python rows of the speed targets, beside what a team would write without libine, in one run.

    python bench/python/bench.py [webhooks] [media] [requests] [flows] [start] [--rounds 31]

Peers are used when they are installed (requirements.txt). Each table times its rows in turn, round after round."""

from __future__ import annotations

import argparse
import os
import sys

import flows
import http_requests
import libine as ine
import media
import start
import webhooks

TABLES = {
    "webhooks": webhooks.bench,
    "media": media.bench,
    "requests": lambda rounds: http_requests.bench(max(3, rounds // 3)),
    "flows": lambda rounds: flows.bench(),
    "start": lambda rounds: start.bench(max(3, rounds // 2)),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tables", nargs="*", metavar="table", help=", ".join(TABLES))
    parser.add_argument("--rounds", type=int, default=31)
    arguments = parser.parse_args()
    print(f"libine {ine.__version__}, Python {sys.version.split()[0]}, load {os.getloadavg()[0]:.1f}")
    for name in arguments.tables or TABLES:
        TABLES[name](arguments.rounds)


if __name__ == "__main__":
    main()
