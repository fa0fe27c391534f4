"""TypeScript: the numbers of the interface, and the texts that stand for them."""

from __future__ import annotations

NOTE = "generated from abi/ine.abi.json by bindings/gen/ine_gen.py; do not edit"

# Objects of numbers: the name in TypeScript, the group in the manifest, the prefix that is cut off.
NUMBERS = (
    ("CODE", "code", "INE_E_"),
    ("CLASS", "class", "INE_CLASS_"),
    ("OPT", "option", "INE_OPT_"),
    ("REPLY_SIGNATURES", "reply_signatures", "INE_REPLY_SIGNATURES_"),
    ("STRICT", "strict", "INE_STRICT_"),
    ("CALL", "call", "INE_CALL_"),
    ("PRODUCT", "product", "INE_PRODUCT_"),
    ("IN", "input", "INE_IN_"),
    ("MEDIA", "media", "INE_MEDIA_"),
    ("FIELD", "field", "INE_D_"),
    ("LIST", "list", "INE_LIST_"),
    ("WANT", "want", "INE_WANT_"),
    ("FAIL", "failure", "INE_FAIL_"),
    ("FLOW", "flow", "INE_FLOW_"),
    ("STEP", "step", "INE_STEP_"),
    ("EVIDENCE", "evidence", "INE_EVIDENCE_"),
    ("MRZ", "mrz", "INE_MRZ_"),
)
# Lists of texts by number: the name in TypeScript, the group, the type of its members ("" for none).
TEXTS = (
    (
        "CHECKS",
        "check",
        "Check",
        "A check, in cascade order [V-2026-06]. Values that this version does not list may come.",
    ),
    ("STATES", "state", "State", "What became of a check (docs/verdict.md)."),
    ("OUTCOMES", "outcome", "Outcome", "What a decision means (docs/verdict.md). Decide by `verified`."),
    ("ADVICES", "advice", "Advice", "What to do next."),
    ("ANOMALIES", "anomaly", "Anomaly", "What a reader should know of; it never changes the outcome."),
    ("KINDS", "kind", "", ""),
    ("REASONS", "reason", "Reason", "Why a delivery was refused: for the receiver's own eyes, never for a reply."),
    ("INPUTS", "input", "", ""),
    ("PROBLEMS", "problem", "ProblemCode", "What is wrong with an input."),
    ("STEPS", "step", "Step", "Steps of a verification."),
    ("PRODUCTS", "product", "Product", "Products: the current one, and two older forms."),
    ("CONTEXTS", "media", "MediaContext", "What an image shows."),
)


def groups_of(manifest: dict) -> dict[str, list[dict]]:
    groups: dict[str, list[dict]] = {}
    for constant in manifest["constants"]:
        groups.setdefault(constant["group"], []).append(constant)
    return groups


def wrapped(items: list[str], separator: str) -> str:
    """Items in lines of at most 120 columns."""
    lines, line = [], " "
    for item in items:
        if len(line) + len(item) + len(separator) + 1 > 120:
            lines.append(line)
            line = " "
        line += f" {item}{separator}"
    return "\n".join([*lines, line])


def numbers(name: str, constants: list[dict], prefix: str) -> str:
    items = [f"{c['name'].removeprefix(prefix)}: {c['value']}" for c in constants if c["name"].startswith(prefix)]
    return f"export const {name} = {{\n{wrapped(items, ',')}\n}} as const;\n"


def quoted(text: str) -> str:
    return f"'{text}'"


def texts(name: str, constants: list[dict], kind: str, about: str) -> str:
    by_value = {c["value"]: c["text"] for c in constants}
    items = [quoted(by_value.get(at, "")) for at in range(max(by_value) + 1)]
    out = f"export const {name}: readonly string[] = [\n{wrapped(items, ',')}\n];\n"
    if kind:
        out += f"/** {about} */\nexport type {kind} =\n{members(list(by_value.values()))}\n"
    return out


def members(texts: list[str]) -> str:
    """A union that is open to what this version does not know."""
    return wrapped([f"| {quoted(text)}" for text in texts], "") + "\n  | (string & {});"


def error_codes(constants: list[dict]) -> str:
    names = [c["text"] for c in constants if c["value"] != 0]
    about = "/** The name of an `INE_E_*` code: the same in every language (docs/output.md). */"
    return f"{about}\nexport type ErrorCode =\n{members(names)}\n"


def outputs(manifest: dict) -> dict[str, str]:
    groups = groups_of(manifest)
    parts = [f"// {NOTE}\n"]
    parts += [numbers(name, groups[group], prefix) for name, group, prefix in NUMBERS]
    parts += [texts(name, groups[group], kind, about) for name, group, kind, about in TEXTS]
    parts.append(error_codes(groups["code"]))
    return {"node/src/constants.ts": "\n".join(parts)}
