"""Reads abi/include/ine.h as far as the gates need: functions, constants, types, and the comments before them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
PROTOTYPE = re.compile(r"^INE_API\s+([^;{}]*?\([^;{}]*\))\s*;", re.MULTILINE)
CONSTANT = re.compile(r"^[ \t]*#[ \t]*define[ \t]+(INE_[A-Z0-9_]+)[ \t]+\(?(-?\d+)\)?[ \t]*$", re.MULTILINE)
DEFINE = re.compile(r"^[ \t]*#[ \t]*define[ \t]+(\w+)(.*)$", re.MULTILINE)
TYPEDEF = re.compile(r"typedef\s+struct\s+(\w+)\s*(?:\{(.*?)\})?\s*(\w+)\s*;", re.DOTALL)


class Function(NamedTuple):
    name: str
    signature: str
    returns: str
    parameters: tuple[str, ...]
    documented: bool


class Header(NamedTuple):
    functions: dict[str, Function]
    constants: dict[str, int]
    types: dict[str, str | None]  # name -> members of a struct by value, None for an opaque handle
    macros: dict[str, str]  # every #define that is not a constant
    code: str  # without comments


def blank(text: str) -> str:
    """The text without comments, every line and column where it was."""
    return COMMENT.sub(lambda found: re.sub(r"[^\n]", " ", found.group()), text)


def squeeze(text: str) -> str:
    text = re.sub(r"\s+", " ", text).strip()
    return re.sub(r"\*\s+", "*", re.sub(r"\(\s+", "(", text))


def documented(text: str, start: int) -> bool:
    """A /** comment ends on the line before, or the line before ends a function that is documented: a group."""
    before = text[:start].rstrip(" \t")
    if not before.endswith("\n") or before.endswith("\n\n"):
        return False
    before = before[:-1].rstrip()
    if before.endswith("*/"):
        return text[before.rindex("/*") :].startswith("/**")
    previous = before.rfind("INE_API")
    return before.endswith(";") and ";" not in before[previous:-1] and documented(text, previous)


def parse(text: str) -> Header:
    code = blank(text)
    functions = {}
    for found in PROTOTYPE.finditer(code):
        signature = squeeze(found.group(1))
        head, _, rest = signature.partition("(")
        name = re.split(r"[ *]", head)[-1]
        rest = rest.rsplit(")", 1)[0]
        functions[name] = Function(
            name,
            signature,
            head[: -len(name)].strip(),
            tuple(split_parameters(rest)),
            documented(text, found.start()),
        )
    constants = {name: int(value) for name, value in CONSTANT.findall(code)}
    macros = {name: rest for name, rest in DEFINE.findall(code) if name not in constants}
    types = {found.group(3): found.group(2) for found in TYPEDEF.finditer(code)}
    return Header(functions, constants, types, macros, code)


def split_parameters(text: str) -> list[str]:
    """At the commas that are in no parentheses: a parameter may be a pointer to a function."""
    parts, depth, current = [], 0, ""
    for character in text:
        depth += {"(": 1, ")": -1}.get(character, 0)
        if character == "," and depth == 0:
            parts.append(current.strip())
            current = ""
        else:
            current += character
    if current.strip() not in ("", "void"):
        parts.append(current.strip())
    return parts


def read(path: Path) -> Header:
    return parse(path.read_text(encoding="utf-8"))


# ---- rules of the ABI (docs/architecture.md) --------------------------------------------------------

ALLOWED_MACROS = {"INE_H": "", "INE_API": None}
SCALARS = ("int32_t", "int64_t", "uint64_t", "size_t")
FORBIDDEN = {
    "varargs": re.compile(r"\.\.\."),
    "bool": re.compile(r"\b(_Bool|bool)\b"),
    "long": re.compile(r"\blong\b"),
    "int or short of no fixed size": re.compile(r"\b(int|short|unsigned|signed)\b(?!\d)"),
    "an enum": re.compile(r"\benum\b"),
    "a union": re.compile(r"\bunion\b"),
    "a bit-field": re.compile(r"\w\s*:\s*\d+\s*;"),
    "inline": re.compile(r"\b(inline|__inline)\b"),
    "floating point": re.compile(r"\b(float|double)\b"),
}
FUNCTION_POINTER = re.compile(r"^void \(\*\w+\)\(uint64_t token\)$")
PARAMETER = re.compile(r"^(const )?(\w+) (\*{0,2})(\w+)(\[\d+\])?$")


def parameter_problem(parameter: str, types: dict[str, str | None]) -> str | None:
    if FUNCTION_POINTER.match(parameter):
        return None
    found = PARAMETER.match(parameter)
    if not found:
        return f"a parameter that is not plain: {parameter}"
    _, base, stars, _, _ = found.groups()
    if base in SCALARS:
        return None
    if base in ("char", "void"):
        return None if stars or found.group(5) else f"{parameter} by value"
    if base not in types:
        return f"unknown type: {parameter}"
    return None if stars or types[base] is not None else f"a handle by value: {parameter}"


def rule_problems(header: Header) -> list[str]:
    """What the header has and must not have."""
    problems = []
    for name, pattern in FORBIDDEN.items():
        found = pattern.search(header.code)
        if found:
            line = header.code.count("\n", 0, found.start()) + 1
            problems.append(f"line {line}: {name}")
    for name, rest in header.macros.items():
        if rest.startswith("("):
            problems.append(f"{name}: a function-like macro")
        elif name not in ALLOWED_MACROS:
            problems.append(f"{name}: a macro that is not a constant with a written integer value")
    for name, members in header.types.items():
        if members is not None and name != "ine_str":
            problems.append(f"{name}: only ine_str may be a struct by value")
    for function in header.functions.values():
        problems += [f"{function.name}: {text}" for text in function_problems(function, header.types)]
    return problems


def function_problems(function: Function, types: dict[str, str | None]) -> list[str]:
    problems = []
    if not re.fullmatch(r"ine_[a-z0-9]+(_[a-z0-9]+)*", function.name) or "__" in function.name:
        problems.append("names are ine_<noun>_<verb>")
    for parameter in function.parameters:
        problem = parameter_problem(parameter, types)
        if problem:
            problems.append(problem)
    errors = [i for i, parameter in enumerate(function.parameters) if parameter.startswith("ine_error **")]
    if errors and (errors != [len(function.parameters) - 1] or function.parameters[-1] != "ine_error **err"):
        problems.append("`ine_error **err` comes once and last")
    if errors and function.returns != "int32_t":
        problems.append("what can fail with an error object returns int32_t")
    if function.name.endswith("_new") and not re.match(rf"{function.name[:-4]} \*\*out$", function.parameters[0]):
        problems.append("`out` comes first")
    if function.name.endswith("_free") and (function.returns != "void" or len(function.parameters) != 1):
        problems.append("free takes one handle and returns nothing")
    return problems
