#!/usr/bin/env python3
"""The tree keeps the rules of house.py, and each rule fails when it is broken."""

from __future__ import annotations

import tempfile
import unittest
from pathlib import Path

import house

ROOT = Path(__file__).resolve().parents[2]


class TheTree(unittest.TestCase):
    def test_keeps_the_rules(self) -> None:
        self.assertEqual([str(problem) for problem in house.check(ROOT)], [])

    def test_was_seen(self) -> None:
        seen = set(house.files(ROOT))
        self.assertIn("core/base/str.h", seen)
        self.assertIn("abi/include/ine.h", seen)
        self.assertFalse([path for path in seen if path.startswith("build")])

    def test_table_of_arrows_is_that_of_cmake(self) -> None:
        text = (ROOT / "CMakeLists.txt").read_text(encoding="utf-8")
        for module, below in house.CORE_USES.items():
            line = f"set(INE_USES_{module} {' '.join(below)})" if below else f'set(INE_USES_{module} "")'
            self.assertIn(line, text)

    def test_arrows_have_no_circle(self) -> None:
        order = list(house.CORE_USES)
        for module, below in house.CORE_USES.items():
            for other in below:
                self.assertLess(order.index(other), order.index(module))


class Rules(unittest.TestCase):
    def problems(self, path: str, text: str, **others: str) -> list[str]:
        """What the rules say of a tree that holds this file, and `others` beside it."""
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder)
            for name, content in {path: text, **others}.items():
                (root / name).parent.mkdir(parents=True, exist_ok=True)
                (root / name).write_text(content, encoding="utf-8")
            return [str(problem) for problem in house.check(root)]

    def refused(self, path: str, text: str, **others: str) -> None:
        self.assertEqual(len(self.problems(path, text, **others)), 1, (path, text))

    def accepted(self, path: str, text: str, **others: str) -> None:
        self.assertEqual(self.problems(path, text, **others), [])

    def test_arrows_run_one_way(self) -> None:
        self.accepted("core/net/driver.c", '#include "proto/flow.h"\n')
        self.accepted("core/proto/flow.c", '#include "proto/flow.h"\n#include "ine.h"\n')
        self.refused("core/proto/flow.c", '#include "net/driver.h"\n')
        self.refused("core/base/str.c", '  #  include "json/reader.h"\n')
        self.refused("core/json/reader.c", '#include "crypto/hex.h"\n')
        self.refused("core/base/str.c", '#include "unknown/thing.h"\n')
        self.refused("core/base/str.c", '#include "../json/reader.h"\n')

    def test_only_net_sees_curl(self) -> None:
        self.accepted("core/net/driver.c", "#include <curl/curl.h>\n")
        self.refused("core/proto/flow.c", "#include <curl/curl.h>\n")
        self.refused("tools/ine/main.c", '#include "curl/curl.h"\n')

    def test_only_crypto_uses_the_low_level_sha(self) -> None:
        self.accepted("core/crypto/sha256.c", "SHA256_Init(&state);\n")
        self.refused("core/proto/flow.c", "SHA256_Init(&state);\n")
        self.refused("sandbox/sign.c", "static SHA256_CTX state;\n")

    def test_json_library_is_for_comparison_only(self) -> None:
        self.accepted("tests/unit/test_json_reader.c", "#include <jansson.h>\n")
        self.refused("core/json/reader.c", "#include <jansson.h>\n")

    def test_sandbox_is_a_witness(self) -> None:
        self.accepted("sandbox/reply.c", '#include "crypto/sha256.h"\n#include "json/writer.h"\n')
        self.accepted("sandbox/reply.c", '#include "reply.h"\n', **{"sandbox/reply.h": ""})
        self.refused("sandbox/reply.c", '#include "cascade/verdict.h"\n')
        self.refused("sandbox/reply.c", '#include "crypto/credentials.h"\n')

    def test_tools_see_the_public_header(self) -> None:
        self.accepted("tools/ine/main.c", '#include "ine.h"\n#include "args.h"\n', **{"tools/ine/args.h": ""})
        self.refused("tools/ine/main.c", '#include "base/str.h"\n')
        self.refused("bindings/swig/ine.i", '#include "json/reader.h"\n')
        self.refused("examples/c/verify.c", '#include "cascade/verdict.h"\n')
        sandbox = {"sandbox/server.h": ""}
        self.accepted("tools/ine-sandbox/main.c", '#include "server.h"\n', **sandbox)
        self.accepted("bindings/swig/local.c", '#include "server.h"\n', **sandbox)
        self.refused("tools/ine/main.c", '#include "server.h"\n', **sandbox)

    def test_size(self) -> None:
        self.accepted("core/base/a.c", "int x;\n" * 600)
        self.refused("core/base/a.c", "int x;\n" * 601)
        self.accepted("core/base/a.c", "x" * 100 + "\n")
        self.refused("core/base/a.c", "x" * 101 + "\n")

    def test_words(self) -> None:
        for word in ("TO" + "DO", "FIX" + "ME", "XX" + "X", "not " + "implemented"):
            self.refused("docs/a.md", f"this is {word} here\n")
        self.accepted("docs/a.md", "todos los días\n")

    def test_paths_and_registries(self) -> None:
        for text in (
            "/wo" + "rk/main/x",
            "see /ho" + "me/someone/x",
            "https://pypi" + ".org/simple",
            '"resol' + 'ved": "https://x"',
        ):
            self.refused("docs/a.md", text + "\n")
        self.refused("tests/key.pem", "-----BEGIN " + "PRIVATE KEY-----\n")
        self.accepted("docs/a.md", "a network/of things, an homework/x\n")


if __name__ == "__main__":
    unittest.main()
