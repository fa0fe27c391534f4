#!/usr/bin/env python3
"""docs/vendor-coverage.md is complete and fresh, and the script that says so can fail."""

from __future__ import annotations

import tempfile
import unittest
from pathlib import Path

from vendor_coverage import DOCUMENT, PAGES, SHARED, Row, problems, read, rendered


class Coverage(unittest.TestCase):
    def setUp(self) -> None:
        self.rows = read()

    def test_every_row_is_held(self) -> None:
        self.assertEqual(problems(self.rows), [])

    def test_the_document_is_fresh(self) -> None:
        self.assertEqual(DOCUMENT.read_text(encoding="utf-8"), rendered(self.rows))

    def test_there_are_enough_rows(self) -> None:
        self.assertGreater(len(self.rows), 300)
        self.assertEqual({row.page for row in self.rows}, set(PAGES))


class Catches(unittest.TestCase):
    """Each thing that can be wrong with a row is found, and nothing else is said."""

    def setUp(self) -> None:
        self.rows = read()

    def one(self, change: dict[str, object], words: str, at: int = 0) -> None:
        rows = list(self.rows)
        rows[at] = rows[at]._replace(**change)
        found = problems(rows)
        self.assertEqual(len(found), 1, found)
        self.assertIn(words, found[0])

    def test_a_row_without_a_test(self) -> None:
        self.one({"tests": []}, "no test")

    def test_a_test_that_is_not_there(self) -> None:
        self.one({"tests": ["unit/test_absent.c:name"]}, "has no test name")
        self.one({"tests": ["unit/test_schema_decision.c:no_such_test"]}, "has no test no_such_test")
        self.one({"tests": ["e2e/test_explain.py:no_such_test"]}, "has no test no_such_test")

    def test_a_helper_is_no_test(self) -> None:
        self.one({"tests": ["unit/test_schema_decision.c:read_payload"]}, "has no test read_payload")

    def test_a_name_that_is_not_in_the_abi(self) -> None:
        self.one({"abi": ["INE_D_NOTHING"]}, "INE_D_NOTHING is not in abi/ine.abi.json")
        self.one({"abi": []}, "no ABI name")

    def test_a_page_that_is_not_there(self) -> None:
        self.one({"page": "other"}, "no such page")

    def test_a_row_without_words(self) -> None:
        self.one({"literal": "-"}, "no literal text")

    def test_words_that_the_page_does_not_say(self) -> None:
        if not (SHARED / "vendor").exists():
            self.skipTest("the vendor's pages are not here")
        self.one({"literal": "verification & no such words"}, "does not say 'no such words'")

    def test_a_row_twice(self) -> None:
        self.assertIn("twice", problems([*self.rows, self.rows[0]])[0])

    def test_a_member_without_a_row(self) -> None:
        rows = [
            row for row in self.rows if not any(name in row.item for name in ("faceMatchPercentage", "yearOfBirth"))
        ]
        found = [line for line in problems(rows) if "no row for the member" in line]
        self.assertEqual([line.rpartition(" ")[2] for line in found], ["faceMatchPercentage", "yearOfBirth"])

    def test_a_contradiction_without_a_row(self) -> None:
        rows = [row for row in self.rows if not row.item.startswith("C-17:")]
        self.assertEqual(problems(rows), ["no row for C-17"])

    def test_a_new_sample_of_the_vendor(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            vendor = Path(folder) / "vendor"
            vendor.mkdir()
            page = PAGES["legacy"]
            assert page
            (vendor / page).write_text('{"newMember": 1}\n- `otherMember`: `string`* text', encoding="utf-8")
            found = [line for line in problems(self.rows, Path(folder)) if "no row for the member" in line]
        self.assertEqual([line.rpartition(" ")[2] for line in found], ["newMember", "otherMember"])

    def test_a_stale_document(self) -> None:
        other = [
            *self.rows,
            Row("facts", "rule", "one more", "-", ["INE_OK"], ["unit/test_schema_call.c:test_classify"]),
        ]
        self.assertNotEqual(rendered(self.rows), rendered(other))


if __name__ == "__main__":
    unittest.main()
