"""python -m libine: explain, check, doctor and sandbox."""

from __future__ import annotations

import argparse
import json
import os
import sys
from typing import Any

from . import Credentials, Decision, Error, Verdict, Webhooks, __version__, build_info, check, testing

SIGNS = {
    "PASSED": "✓",
    "FAILED": "✗",
    "SKIPPED": "↷",
    "NO_INPUT": "○",
    "ABSENT": "–",
    "INCONCLUSIVE": "?",
    "UNRECOGNISED": "?",
}
VERIFIED, OTHER, REFUSED, LATER, TROUBLE, UNKNOWN = range(6)
INPUTS = {
    "cic": "the card's CIC: 9 digits, on its back",
    "curp": "18 characters",
    "first_name": "given names",
    "last_name": "the father's last name",
    "second_last_name": "the mother's last name",
    "first_issue": "YYYY-MM-DD",
    "valid_from": "YYYY-MM-DD",
    "date_of_birth": "YYYY-MM-DD",
    "gender": "M or F",
    "vendor_data": "your own id of the case",
    "selfie": "file of the face image",
}


def exit_code(verdict: Verdict) -> int:
    if verdict.verified:
        return VERIFIED
    return {"RETRY_LATER": LATER, "PENDING": LATER, "UNKNOWN": UNKNOWN}.get(verdict.outcome, OTHER)


def read(path: str) -> bytes:
    if path == "-":
        return sys.stdin.buffer.read()
    with open(path, "rb") as file:
        return file.read()


def draw(verdict: Verdict, language: str) -> None:
    """The checks in the order in which they are made, then what follows from them."""
    for check_name, result in verdict.checks.items():
        reason = f" ({result.reason})" if result.reason else ""
        because = f", because of {result.blocked_by}" if result.blocked_by else ""
        cause = "  <- root cause" if verdict.root_cause == check_name else ""
        print(f"  {SIGNS.get(result.state, '?')} {check_name:<28} {result.state}{because}{reason}{cause}")
    texts = verdict.text(language)
    print(f"\n{verdict.outcome}  advice: {verdict.advice}")
    if verdict.root_cause:
        print(f"root cause: {verdict.root_cause}")
    for name, values in (("correct", verdict.inputs), ("unmet", verdict.unmet), ("anomalies", verdict.anomalies)):
        if values:
            print(f"{name}: {', '.join(values)}")
    print(f"\nagent:   {texts.agent}\ncitizen: {texts.citizen}")


def explain(arguments: argparse.Namespace) -> int:
    """What a body means."""
    verdict = Decision.read(read(arguments.file)).verdict()
    if arguments.json:
        print(verdict.to_json())
    else:
        draw(verdict, "es-MX" if arguments.lang == "es" else "en")
    return exit_code(verdict)


def check_input(arguments: argparse.Namespace) -> int:
    """Every problem of an input at once."""
    who: dict[str, Any] = {name: getattr(arguments, name) for name in INPUTS if getattr(arguments, name) is not None}
    report = check(**who, consent=arguments.consent, strict=arguments.strict or ())
    if arguments.json:
        print(report.to_json())
    else:
        for problem in report.problems:
            print(f"{problem.severity}: {problem.field}: {problem.code}: {problem.hint}")
        print("ok" if report.ok else "refused")
    return VERIFIED if report.ok else REFUSED


def doctor(arguments: argparse.Namespace) -> int:
    """Versions and settings; with a webhook's headers and body, why it is refused."""
    facts: dict[str, Any] = {"python": sys.version.split()[0], **build_info()}
    for name in ("INE_API_KEY", "INE_SECRET", "INE_BASE_URL", "INE_PROXY", "INE_CA_FILE"):
        facts[name] = "set" if os.environ.get(name) else "not set"
    trouble = False
    if facts["INE_API_KEY"] == facts["INE_SECRET"] == "set":
        try:
            facts["credentials"] = "sandbox key" if Credentials.from_env().is_sandbox else "right in form"
        except Error as error:
            facts["credentials"], trouble = str(error), True
    if arguments.body:
        lines = read(arguments.headers).decode("latin-1").splitlines() if arguments.headers else []
        headers = [(n.strip(), v.strip()) for n, colon, v in (line.partition(":") for line in lines) if colon]
        found = Webhooks([Credentials.from_env()]).diagnose(headers, read(arguments.body))
        facts["webhook"] = found.reason if found.hint is None else f"{found.reason}: {found.hint}"
        trouble = trouble or found.reason != "NONE"
    if arguments.json:
        print(json.dumps(facts))
    else:
        print("\n".join(f"{name:<14} {value}" for name, value in facts.items()))
    return TROUBLE if trouble else VERIFIED


def sandbox(arguments: argparse.Namespace) -> int:
    """The vendor's API on this machine until Ctrl-C."""
    with testing.Sandbox(port=arguments.port, seed=arguments.seed, quiet=False) as server:
        if arguments.webhook:
            server.deliver_to(arguments.webhook)
        key, secret = server.keys()
        print(f"INE_BASE_URL={server.base_url}\nINE_API_KEY={key}\nINE_SECRET={secret}", flush=True)
        print("# portal: " + server.base_url + "/portal   Ctrl-C ends it", flush=True)
        try:
            server.join()
        except KeyboardInterrupt:
            pass
    return VERIFIED


def parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(prog="python -m libine", description=__doc__)
    top.add_argument("--version", action="version", version=__version__)
    commands = top.add_subparsers(required=True, metavar="COMMAND")
    one = commands.add_parser("explain", help="what a decision, a reply or a webhook's body means")
    one.add_argument("file", help="a file, or - for standard input")
    one.add_argument("--lang", choices=("es", "en"), default="en")
    one.set_defaults(run=explain)
    two = commands.add_parser("check", help="every problem of an input at once; nothing is sent")
    for name, text in INPUTS.items():
        two.add_argument("--" + name.replace("_", "-"), help=text)
    two.add_argument("--consent", action="store_true", help="the person has consented")
    two.add_argument("--strict", action="append", help="a warning that refuses: age, curp-digit, ..., all")
    two.set_defaults(run=check_input)
    three = commands.add_parser("doctor", help="versions, settings, and why a webhook is refused")
    three.add_argument("--headers", help="file of the webhook's headers, one on a line")
    three.add_argument("--body", help="file of its body, byte for byte")
    three.set_defaults(run=doctor)
    for command in (one, two, three):
        command.add_argument("--json", action="store_true", help="for programs")
    four = commands.add_parser("sandbox", help="the vendor's API on 127.0.0.1")
    four.add_argument("--port", type=int, default=0)
    four.add_argument("--seed", type=int, default=1)
    four.add_argument("--webhook", help="http URL that gets the decisions")
    four.set_defaults(run=sandbox)
    return top


def main(arguments: list[str] | None = None) -> int:
    chosen = parser().parse_args(arguments)
    try:
        return int(chosen.run(chosen))
    except (Error, OSError, KeyError, ValueError, TypeError) as error:
        if isinstance(error, Error) and getattr(chosen, "json", False):
            print(error.to_json())
        print(f"libine: {error}", file=sys.stderr)
        return REFUSED if isinstance(error, (OSError, KeyError, ValueError, TypeError)) else TROUBLE


if __name__ == "__main__":
    sys.exit(main())
