"""The Go module's constants, from the manifest: go/names_gen.go (values with names) and go/fields_gen.go
(fields, lists, checks and inputs)."""

from __future__ import annotations

from typing import NamedTuple

NOTE = "// Code generated from abi/ine.abi.json by bindings/gen/ine_gen.py; DO NOT EDIT.\n\n//go:build cgo\n\npackage ine\n"
UPPER = {"INE", "MX", "CURP", "CIC", "API", "ID", "URL", "TLS", "JSON", "MRZ", "HTTP", "IP", "BOM", "NA", "PDF", "OCR"}
# Outcomes stand by themselves (ine.NotVerified), but for those whose name is taken or says too little.
OUTCOMES = {"UNKNOWN": "UnknownOutcome", "INPUT_ERROR": "InputErrorOutcome"}


class Enum(NamedTuple):
    """A type with named values: its group in the manifest, its Go type, and what it is."""

    group: str
    type: str
    prefix: str
    about: str


ENUMS = (
    Enum("code", "Code", "Code", "is the number of an error, the same in every language of libine"),
    Enum("class", "Class", "Class", "is the class of an error, the same tree in every language of libine"),
    Enum("sent", "Sent", "Sent", "says whether a request may have reached the server"),
    Enum("step", "Step", "Step", "is where a verification stands"),
    Enum("product", "Product", "Product", "is what a verification asks for; the zero value is ProductMXINE"),
    Enum("kind", "Kind", "Kind", "is what a body of the API is"),
    Enum("state", "State", "State", "is what became of one check"),
    Enum("outcome", "Outcome", "", "is what a decision means; the zero value is UnknownOutcome"),
    Enum("advice", "Advice", "Advice", "is what to do next"),
    Enum("reason", "Reason", "Reason", "is why a webhook was refused: for your own eyes, never for a reply"),
)


def camel(text: str) -> str:
    words = text.replace(".", "_").replace("-", "_").split("_")
    return "".join(w if w in UPPER else w.capitalize() for w in (w.upper() for w in words))


def tail(name: str, parts: int) -> str:
    return name.split("_", parts)[-1]


def identifier(enum: Enum, constant: dict) -> str:
    text = constant["name"].removeprefix("INE_E_").removeprefix("INE_")
    for word in (enum.group.upper() + "_",):
        text = text.removeprefix(word)
    if enum.group == "outcome":
        return OUTCOMES.get(text, camel(text))
    return enum.prefix + camel(text)


def enumeration(enum: Enum, constants: list[dict]) -> str:
    out = [f"\n// {enum.type} {enum.about}.\ntype {enum.type} int32\n\n// Values of {enum.type}.\nconst (\n"]
    rows = [(identifier(enum, c), c["value"]) for c in constants]
    width = max(len(name) for name, _ in rows)
    for name, value in rows:
        out.append(f"\t{name:<{width}} {enum.type} = {value}\n")
    out.append(")\n\n")
    lower = enum.type[0].lower() + enum.type[1:]
    out.append(f"var {lower}Names = map[{enum.type}]string{{\n")
    for (name, _), constant in zip(rows, constants, strict=True):
        out.append(f'\t{name + ":":<{width + 1}} "{constant["text"]}",\n')
    out.append("}\n\n")
    receiver = lower[0]
    out.append("// String is the stable name of the value, the same in every language of libine.\n")
    out.append(
        f"func ({receiver} {enum.type}) String() string {{ return nameOf({lower}Names[{receiver}], int64({receiver})) }}\n\n"
    )
    out.append("// MarshalText gives the stable name, for JSON and logs.\n")
    out.append(
        f"func ({receiver} {enum.type}) MarshalText() ([]byte, error) {{ return []byte({receiver}.String()), nil }}\n"
    )
    return "".join(out)


def strings(kind: str, about: str, rows: list[tuple[str, str]]) -> str:
    width = max(len(name) for name, _ in rows)
    lines = "".join(f'\t{name:<{width}} {kind} = "{text}"\n' for name, text in rows)
    return f"\n// {about}\nconst (\n{lines})\n"


def numbers(kind: str, about: str, rows: list[tuple[str, int]]) -> str:
    width = max(len(name) for name, _ in rows)
    lines = "".join(f"\t{name:<{width}} {kind} = {value}\n" for name, value in rows)
    return f"\n// {about}\nconst (\n{lines})\n"


def texts(name: str, about: str, rows: list[dict]) -> str:
    """A table of texts by value."""
    width = max(len(str(c["value"])) for c in rows)
    lines = "".join(f'\t{str(c["value"]) + ":":<{width + 1}} "{c["text"]}",\n' for c in rows)
    return f"\n// {about}\nvar {name} = [...]string{{\n{lines}}}\n"


def outputs(manifest: dict) -> dict[str, str]:
    groups: dict[str, list[dict]] = {}
    for constant in manifest["constants"]:
        groups.setdefault(constant["group"], []).append(constant)
    named = NOTE + "".join(enumeration(enum, groups[enum.group]) for enum in ENUMS)

    def pairs(group: str, prefix: str, parts: int, field: str = "value") -> list:
        return [(prefix + camel(tail(c["name"], parts)), c[field]) for c in groups[group]]

    fields = [
        NOTE,
        strings("CheckID", "Checks in cascade order; the first four are core.", pairs("check", "Check", 2, "text")),
        strings("ProblemCode", "What can be wrong with an input.", pairs("problem", "Problem", 2, "text")),
        numbers("Strict", "Warnings that can be made to refuse (WithStrict).", pairs("strict", "Strict", 2)),
        numbers(
            "ReplySignatures",
            "Which replies must be signed (WithReplySignatures).",
            pairs("reply_signatures", "ReplySignatures", 3),
        ),
        numbers("Field", "Fields of a body, for Decision.Field.", pairs("field", "Field", 2)),
        numbers("List", "Lists inside a body, for Decision.List.", pairs("list", "List", 2)),
        numbers("Language", "Languages of texts.", [("EsMX", 1), ("En", 2)]),
        texts("checkNames", "checkNames are the checks by number.", groups["check"]),
        texts("anomalyNames", "anomalyNames are the anomalies by number.", groups["anomaly"]),
        texts("inputNames", "inputNames are the API paths of the inputs by number.", groups["input"]),
    ]
    return {"go/names_gen.go": named, "go/fields_gen.go": "".join(fields)}
