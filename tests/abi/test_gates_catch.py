#!/usr/bin/env python3
"""Each gate of gates.py catches what it is for: mutated copies of the promise, built and checked."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

import gates
import stubs

ROOT = Path(__file__).resolve().parents[2]
END = "#ifdef __cplusplus\n}"  # of the declarations in ine.h


class Mutation(unittest.TestCase):
    """A copy of abi/ with a baseline of its own, recorded from the unmutated promise."""

    @classmethod
    def setUpClass(cls) -> None:
        cls.folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.folder.cleanup)
        cls.origin = Path(cls.folder.name) / "origin"
        shutil.copytree(ROOT / "abi", cls.origin / "abi", ignore=shutil.ignore_patterns("baseline"))
        library = stubs.build(cls.origin, cls.origin / "lib", "struct ine_error { int a; };")
        gates.record(gates.Tree(cls.origin, library))

    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name) / "tree"
        shutil.copytree(self.origin / "abi", self.root / "abi")
        self.header = self.root / "abi" / "include" / "ine.h"
        self.map = self.root / "abi" / "ine.map"
        self.manifest = self.root / "abi" / "ine.abi.json"

    def change(self, path: Path, old: str, new: str) -> None:
        text = path.read_text(encoding="utf-8")
        self.assertIn(old, text)
        path.write_text(text.replace(old, new), encoding="utf-8")

    def problems(self, *names: str, private: str = "struct ine_error { int a; };") -> list[str]:
        library = None
        if not names or set(names) & set(gates.OF_A_LIBRARY):
            library = stubs.build(self.root, self.root / "lib", private)
        return gates.check(gates.Tree(self.root, library), list(names or gates.GATES))

    def caught(self, words: str, *names: str) -> None:
        found = self.problems(*names)
        self.assertTrue(any(words in problem for problem in found), (words, found))

    # ---- what must pass

    def test_unchanged_passes(self) -> None:
        self.assertEqual(self.problems(), [])

    def test_a_private_struct_may_grow(self) -> None:
        self.assertEqual(self.problems(private="struct ine_error { long long a, b; char c[9]; };"), [])

    def test_an_addition_with_a_newer_since_passes(self) -> None:
        self.add_function("1.1")
        self.assertEqual(self.problems(), [])

    def add_function(self, since: str) -> None:
        name, signature = "ine_extra", "int32_t ine_extra(int32_t value)"
        self.change(self.header, END, f"/** Extra. */\nINE_API {signature};\n{END}")
        manifest = json.loads(self.manifest.read_text(encoding="utf-8"))
        manifest["functions"].append({"name": name, "since": since, "signature": signature})
        self.manifest.write_text(json.dumps(manifest), encoding="utf-8")
        if since == "1.0":
            self.change(self.map, "    ine_error_free;\n", f"    ine_error_free;\n    {name};\n")
        else:
            text = self.map.read_text(encoding="utf-8") + f"INE_{since} {{\n  global:\n    {name};\n}} INE_1.0;\n"
            self.map.write_text(text, encoding="utf-8")

    # ---- what the issue names: a changed signature, a removed symbol, a grown struct, a changed constant

    def test_changed_signature(self) -> None:
        self.change(self.header, "int64_t ine_error_number(const ine_error *err, int32_t detail)",
                    "int32_t ine_error_number(const ine_error *err, int32_t detail)")  # fmt: skip
        self.caught("ine_error_number", "manifest")
        self.caught("ine_error_number", "abidiff")

    def test_changed_signature_in_header_and_manifest_alike(self) -> None:
        for path in (self.header, self.manifest):
            self.change(path, "int32_t ine_code_class(int32_t code)", "int32_t ine_code_class(int64_t code)")
        self.assertEqual(self.problems("manifest"), [])
        self.caught("ine_code_class was promised", "lock")
        self.caught("ine_code_class", "abidiff")

    def test_removed_symbol(self) -> None:
        self.change(self.map, "    ine_error_json;\n", "")
        self.caught("ine_error_json", "map")
        self.caught("ine_error_json", "symbols")
        self.caught("ine_error_json", "abidiff")

    def test_removed_everywhere(self) -> None:
        self.change(self.header, "INE_API ine_str ine_error_json(const ine_error *err);", "")
        self.change(self.map, "    ine_error_json;\n", "")
        manifest = json.loads(self.manifest.read_text(encoding="utf-8"))
        manifest["functions"] = [f for f in manifest["functions"] if f["name"] != "ine_error_json"]
        self.manifest.write_text(json.dumps(manifest), encoding="utf-8")
        self.assertEqual(self.problems("manifest", "map", "symbols"), [])
        self.caught("ine_error_json was promised (functions) and is gone", "lock")
        self.caught("ine_error_json", "abidiff")

    def test_grown_struct(self) -> None:
        self.change(self.header, "    size_t len;\n} ine_str;", "    size_t len;\n    size_t capacity;\n} ine_str;")
        self.caught("abidiff: exit", "abidiff")

    def test_reordered_struct(self) -> None:
        self.change(self.header, "    const char *ptr;\n    size_t len;\n", "    size_t len;\n    const char *ptr;\n")
        self.caught("abidiff: exit", "abidiff")

    def test_changed_constant(self) -> None:
        self.change(self.header, "#define INE_OUTCOME_VERIFIED                 6", "#define INE_OUTCOME_VERIFIED 7")
        self.caught("INE_OUTCOME_VERIFIED", "manifest")

    def test_changed_constant_in_header_and_manifest_alike(self) -> None:
        self.change(self.header, "#define INE_E_BUSY        (-106)", "#define INE_E_BUSY (-196)")
        self.change(self.manifest, '"name": "INE_E_BUSY", "value": -106', '"name": "INE_E_BUSY", "value": -196')
        self.assertEqual(self.problems("manifest"), [])
        self.caught("INE_E_BUSY was promised", "lock")

    def test_changed_text_of_a_constant(self) -> None:
        self.change(self.manifest, '"value": 6, "text": "VERIFIED"', '"value": 6, "text": "ACCEPTED"')
        self.caught("INE_OUTCOME_VERIFIED was promised", "lock")

    # ---- the rest of each gate

    def test_symbol_that_leaks(self) -> None:
        self.change(self.map, "    ine_error_json;\n", "    ine_error_json;\n    ine__internal;\n")
        library = stubs.build(self.root, self.root / "lib", '__attribute__((visibility("default"))) int ine__internal;')
        found = gates.check(gates.Tree(self.root, library), ["symbols"])
        self.assertTrue(any("ine__internal" in problem for problem in found), found)

    def test_symbol_in_another_version_node(self) -> None:
        self.change(self.map, "INE_1.0", "INE_1.2")
        self.caught("'1.2'", "map")
        self.caught("'1.2'", "symbols")

    def test_map_that_hides_nothing(self) -> None:
        self.change(self.map, "  local:\n    *;\n", "")
        self.caught("does not make the rest local", "map")

    def test_soname(self) -> None:
        self.change(self.manifest, "libine.so.1", "libine.so.2")
        self.caught("SONAME", "symbols")

    def test_addition_without_since(self) -> None:
        self.add_function("")
        self.caught("does not say since when", "manifest")

    def test_addition_that_says_it_was_always_there(self) -> None:
        self.add_function("1.0")
        self.caught("is new, but says since 1.0", "lock")

    def test_reused_value(self) -> None:
        self.change(self.manifest, '"name": "INE_E_BUSY", "value": -106', '"name": "INE_E_BUSY", "value": -105')
        self.caught("share the value -105", "manifest")

    def test_undocumented(self) -> None:
        text = "INE_API int32_t ine_version_number(void);\n" + END
        self.change(self.header, END, text)
        self.caught("ine_version_number has no /** comment", "documented")

    def test_group_comment_counts_until_a_blank_line(self) -> None:
        one, two = "INE_API int32_t ine_a_one(void);\n", "INE_API int32_t ine_a_two(void);\n"
        before = self.header.read_text(encoding="utf-8")
        self.change(self.header, END, f"\n/** Both. */\n{one}{two}{END}")
        self.assertEqual(self.problems("documented"), [])
        self.header.write_text(before, encoding="utf-8")
        self.change(self.header, END, f"\n/** One. */\n{one}\n{two}{END}")
        self.assertEqual(len(self.problems("documented")), 1)

    def test_rules_of_form(self) -> None:
        before = self.header.read_text(encoding="utf-8")
        for words, declaration in (
            ("varargs", "INE_API int32_t ine_a_log(const char *format, ...);"),
            ("bool", "INE_API _Bool ine_a_good(void);"),
            ("long", "INE_API int32_t ine_a_long(long value);"),
            ("int or short", "INE_API int ine_a_int(void);"),
            ("an enum", "enum ine_a { INE_A };"),
            ("a union", "typedef union ine_a { int32_t a; } ine_a;"),
            ("a bit-field", "struct ine_a { uint32_t a : 3; };"),
            ("inline", "static inline int32_t ine_a_in(void) { return 1; }"),
            ("floating point", "INE_API double ine_a_double(void);"),
            ("a function-like macro", "#define INE_MAX(a, b) ((a) > (b))"),
            ("a macro that is not a constant", "#define INE_NEXT INE_OK"),
            ("only ine_str", "typedef struct ine_pair { int32_t a, b; } ine_pair;"),
            ("a handle by value", "INE_API int32_t ine_a_value(ine_error error);"),
            ("unknown type", "INE_API int32_t ine_a_type(time_t when);"),
            ("comes once and last", "INE_API int32_t ine_a_first(ine_error **err, int32_t value);"),
            ("comes once and last", "INE_API int32_t ine_a_named(ine_error **error);"),
            ("returns int32_t", "INE_API int64_t ine_a_count(ine_error **err);"),
            ("`out` comes first", "INE_API int32_t ine_event_new(int32_t kind, ine_event **out);"),
            ("free takes one handle", "INE_API int32_t ine_a_free(ine_error *err);"),
            ("names are ine_", "INE_API int32_t ineVerify(void);"),
        ):
            with self.subTest(words):
                self.header.write_text(before, encoding="utf-8")
                self.change(self.header, END, f"{declaration}\n{END}")
                self.caught(words, "rules")

    def test_missing_baseline_and_missing_tool_fail(self) -> None:
        library = stubs.build(self.root, self.root / "lib")
        (self.root / "abi" / "baseline" / "libine.abi").unlink()
        (self.root / "abi" / "baseline" / "ine.abi.lock.json").unlink()
        tree = gates.Tree(self.root, library)
        self.assertEqual(len(gates.check(tree, ["lock", "abidiff"])), 2)
        path = os.environ["PATH"]
        self.addCleanup(os.environ.__setitem__, "PATH", path)
        os.environ["PATH"] = str(self.root)
        self.assertEqual(gates.check(tree, ["symbols"]), ["symbols: nm is not here"])

    def test_missing_library_fails(self) -> None:
        tree = gates.Tree(self.root, self.root / "absent.so")
        for gate in gates.OF_A_LIBRARY:
            self.assertNotEqual(gates.check(tree, [gate]), [])

    def test_generated_files_that_are_stale_are_named(self) -> None:
        for name in ("bindings/gen/ine_gen.py", "core/base/names.inc"):
            (self.root / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, self.root / name)
        command = ["python3", self.root / "bindings" / "gen" / "ine_gen.py", "check"]
        self.assertEqual(subprocess.run(command, check=False).returncode, 0)
        self.change(self.manifest, '"text": "VERIFIED"', '"text": "ACCEPTED"')
        done = subprocess.run(command, check=False, capture_output=True, text=True)
        self.assertEqual(done.returncode, 1)
        self.assertIn("names.inc", done.stdout)


if __name__ == "__main__":
    unittest.main()
