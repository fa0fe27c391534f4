#!/usr/bin/env python3
"""What is refused before anything is sent: field, hint, exit code 2, and never the value itself."""

from __future__ import annotations

import os
import subprocess
from typing import Any

from server import Server, Stall
from tool import CIC, CURP, INE, KEY, OK, PERSON, REFUSED, SECRET, TROUBLE, Case, environment, main, png, run


def without(*names: str) -> tuple[str, ...]:
    """The placeholder person without these options and their values."""
    words, out = iter(PERSON), []
    for word in words:
        if word in names:
            if word != "--consent":
                next(words)
        else:
            out.append(word)
    return tuple(out)


class Refusals(Case):
    def setUp(self) -> None:
        super().setUp()
        self.server = Server(lambda request, before: Stall())
        self.addCleanup(self.server.close)

    def refused(self, words: tuple[str, ...], field: str, code: str | None = None, **env: str) -> dict[str, Any]:
        """By verify, in JSON and in words, and by check; nothing is connected to."""
        settings = self.server.env | env
        error = self.error(run("verify", *words, "--json", env=settings), REFUSED, sent="no")
        problem = next((p for p in error["problems"] if p["field"] == field and p["severity"] == "error"), None)
        self.assertIsNotNone(problem, error)
        assert problem
        self.assertTrue(problem["hint"])
        if code:
            self.assertIn(code, [p["code"] for p in error["problems"] if p["field"] == field])
        text = run("verify", *words, env=settings)
        self.assertEqual((text.code, text.out), (REFUSED, ""))
        self.assertIn(field, text.err)
        self.assertEqual(self.server.connections, 0)
        return error

    def refused_input(self, words: tuple[str, ...], field: str, code: str) -> None:
        self.refused(words, field, code)
        checked = run("check", *words, "--json")
        self.assertEqual((checked.code, checked.json["ok"]), (REFUSED, False))
        self.assertIn((field, code), [(p["field"], p["code"]) for p in checked.json["problems"]])


class Input(Refusals):
    def test_the_placeholder_person_passes(self) -> None:
        result = run("check", *PERSON, "--selfie", self.selfie, "--json")
        self.assertEqual(result.code, OK, result)
        self.assertTrue(result.json["ok"])

    def test_the_vendors_own_sample_passes_with_warnings(self) -> None:
        words = ("check", "--cic", "000000000", "--curp", CURP, "--first-name", "JUAN", "--last-name", "GARCIA",
                 "--second-last-name", "LOPEZ", "--first-issue", "2018-06-15", "--valid-from", "2020-03-10",
                 "--vendor-data", "12345678", "--end-user-id", "a1b2c35d-e8f7-6d5e-3cd2-a1b2c35db3d4",
                 "--callback", "https://veriff.com", "--consent", "--selfie", self.selfie)  # fmt: skip
        result = run(*words, "--json")
        self.assertEqual(result.code, OK, result)
        problems = {(p["field"], p["code"]) for p in result.json["problems"] if p["severity"] == "warning"}
        self.assertIn(("person.idNumber", "DATE"), problems)
        self.assertEqual(run(*words, "--strict", "curp-date").code, REFUSED)

    def test_a_letter_in_position_17_passes(self) -> None:
        words = (*without("--curp"), "--curp", "PEPJ050615HDFRRNA4", "--selfie", self.selfie)
        self.assertEqual(run("check", *words).code, OK)

    def test_cic(self) -> None:
        for value, code in (
            ("12345678", "LENGTH"),
            ("1234567897", None),
            ("1234567890123", "LOOKS_LIKE_OCR"),
            (CURP, "LOOKS_LIKE_CURP"),
            ("IDMEX1234567897", "LOOKS_LIKE_MRZ"),
            ("12345678a", None),
            ("12345678\u0664", None),
        ):
            words = (*without("--cic"), "--cic", value, "--selfie", self.selfie)
            with self.subTest(value):
                error = self.refused(words, "document.number", code)
                self.assertNotIn(value, str(error))

    def test_cic_missing_or_empty(self) -> None:
        self.refused_input((*without("--cic"), "--selfie", self.selfie), "document.number", "REQUIRED")
        self.refused((*without("--cic"), "--cic=", "--selfie", self.selfie), "document.number")

    def test_consent(self) -> None:
        self.refused_input((*without("--consent"), "--selfie", self.selfie), "consents", "CONSENT")
        self.assertEqual(run("check", *PERSON, "--consent=false").code, REFUSED)

    def test_dates(self) -> None:
        for option, field in (("--first-issue", "document.firstIssue"), ("--valid-from", "document.validFrom")):
            for value in ("2020-02-30", "2021-13-01", "2020-00-10", "20200310", "10/03/2020", "2020-3-1"):
                with self.subTest(value):
                    error = self.refused((*PERSON, "--selfie", self.selfie, option, value), field)
                    self.assertNotIn(value, str(error))

    def test_all_at_once(self) -> None:
        error = self.refused(("--cic", "1", "--valid-from", "x", "--end-user-id", "y"), "document.number")
        fields = {problem["field"] for problem in error["problems"] if problem["severity"] == "error"}
        self.assertLessEqual(
            {"document.number", "document.validFrom", "endUserId", "consents", "image.content"}, fields
        )

    def test_control_bytes_in_texts(self) -> None:
        for option, field in (("--first-name", "person.firstName"), ("--callback", "callback")):
            words = (*without(option), option, "https://a\x01b", "--selfie", self.selfie)
            self.refused(words, field)


class Images(Refusals):
    def image(self, path: str, code: str) -> None:
        with self.subTest(path):
            self.refused_input((*PERSON, "--selfie", path), "image.content", code)

    def test_missing(self) -> None:
        self.refused_input(PERSON, "image.content", "REQUIRED")

    def test_unreadable(self) -> None:
        self.image(str(self.folder / "nobody.jpg"), "UNREADABLE")
        self.image(str(self.folder), "UNREADABLE")
        self.image(self.selfie + "/x", "UNREADABLE")
        self.image("/proc/self/mem", "UNREADABLE")
        locked = self.file("locked.jpg", b"x")
        os.chmod(locked, 0)
        # for root nothing is locked: then it is no image
        self.image(locked, "NOT_AN_IMAGE" if os.access(locked, os.R_OK) else "UNREADABLE")

    def test_the_name_of_a_file_is_not_said(self) -> None:
        error = self.refused((*PERSON, "--selfie", str(self.folder / "maria-lopez.jpg")), "image.content")
        self.assertNotIn("maria", str(error))

    def test_contents(self) -> None:
        self.image(self.file("empty.jpg", b""), "EMPTY")
        self.image(self.file("text.jpg", b"this is no picture at all"), "NOT_AN_IMAGE")
        self.image(self.file("page.jpg", b"%PDF-1.7\n" + b"x" * 100), "PDF")
        self.image(self.file("gif.jpg", b"GIF89a" + b"x" * 100), "NOT_AN_IMAGE")

    def test_over_24_mb_of_base64(self) -> None:
        self.image(self.file("large.jpg", b"\xff\xd8\xff\xe0" + bytes(19 * 1024 * 1024)), "TOO_LARGE")
        self.image(self.file("huge.jpg", b"\xff\xd8\xff\xe0" + bytes(40 * 1024 * 1024)), "TOO_LARGE")

    def test_from_standard_input(self) -> None:
        self.assertEqual(run("check", *PERSON, "--selfie", "-", given=png()).code, OK)
        self.assertEqual(run("check", *PERSON, "--selfie", "-", given=b"").code, REFUSED)
        result = run("check", *PERSON, "--selfie", "-", "--secret-file", "-", given=png())
        self.assertEqual(result.code, REFUSED)


class Settings(Refusals):
    def setting(self, field: str, *words: str, **env: str) -> None:
        self.refused((*PERSON, "--selfie", self.selfie, *words), field, None, **env)

    def test_missing(self) -> None:
        self.setting("api_key", INE_API_KEY="")
        self.setting("secret", INE_SECRET="")
        self.setting("base_url", INE_BASE_URL="")

    def test_key(self) -> None:
        for key in ("x", KEY + "\n", KEY[:-1] + "\x01", "\r\nX-Evil: 1", KEY + KEY):
            self.setting("api_key", "--api-key", key)

    def test_base_url(self) -> None:
        for url in (
            "https://host.test\r\nX-Evil: 1",
            "https://host.test/\x01",
            "https://user:pass@host.test",
            "https://host.test/?a=b",
            "https://host.test/#a",
            "ftp://host.test",
            "file:///etc/passwd",
            "host.test",
            "https://",
        ):
            self.setting("base_url", "--base-url", url)

    def test_plain_http_to_another_host(self) -> None:
        # the key of these tests begins as those of a sandbox, which may be plain; this one does not
        other = "12345678-1234-4234-8234-123456789012"
        words = (*PERSON, "--selfie", self.selfie, "--base-url", "http://192.0.2.1", "--api-key", other)
        self.refused(words, "base_url")
        result = run("check", *words, "--json", env=self.server.env)
        self.assertEqual(result.code, REFUSED)
        self.assertIn("base_url", [p["field"] for p in result.json["problems"]])

    def test_proxy_and_ca_file(self) -> None:
        self.setting("proxy", "--proxy", "not a proxy")
        self.setting("ca_file", "--ca-file", str(self.folder / "none.pem"))

    def test_secret_file(self) -> None:
        for content in (b"", b"x" * 1025, bytes(16), SECRET.encode() + b"\n", SECRET.encode() + b"\r\n"):
            with self.subTest(content[-3:]):
                self.setting("secret", "--secret-file", self.file("secret", content))
        self.setting("secret", "--secret-file", str(self.folder / "none"))

    def test_a_secret_never_stands_on_the_command_line(self) -> None:
        for words in (("--secret", SECRET), (f"--secret={SECRET}",)):
            result = run("verify", *PERSON, *words, env=self.server.env)
            self.assertEqual(result.code, REFUSED)
            self.assertIn("--secret-file", result.err)

    def test_lists_and_numbers(self) -> None:
        self.setting("--require", "--require", "consent_obtained,nonsense")
        self.setting("--strict", "--strict", "everything")
        for value in ("0", "-1", "x", "1e3", "nan", "", "99999999999"):
            self.setting("--timeout", f"--timeout={value}")


class Usage(Case):
    def misused(self, *words: str, hint: str = "") -> None:
        result = run(*words)
        self.assertEqual((result.code, result.out), (REFUSED, ""), result)
        self.assertIn(hint, result.err)

    def test_hints(self) -> None:
        self.misused("verfy", hint="did you mean ine verify?")
        self.misused("verify", "--selfi", "x", hint="did you mean --selfie?")
        self.misused("explain", "--jsn", "x", hint="did you mean --json?")
        self.misused("explain", "x", "--cic", CIC)
        self.misused("verify", "--cic", hint="as in --cic DIGITS")
        self.misused("verify", "--cic", "--consent", hint="as in --cic DIGITS")
        self.misused("verify", "--cic", CIC, "--cic", CIC, hint="give it once")
        self.misused("verify", CIC, hint="a word too many")
        self.misused("verify", "--scenario", "approved", hint="--sandbox")
        self.misused("explain", "x", "--lang", "fr")
        self.misused("explain", "x", "--color", "sometimes")
        self.misused("status")
        self.misused()

    def test_no_value_is_repeated(self) -> None:
        for words in ((f"--{CURP}",), (f"--curp{CURP}",), (CURP,), ("--Juan",), (f"--cik={CIC}",)):
            result = run("verify", *words)
            self.assertEqual(result.code, REFUSED)
            self.assertNotIn("Juan", result.err)

    def test_json_errors_for_wrong_usage(self) -> None:
        error = self.error(run("verify", "--json", "--cik", "x"), REFUSED)
        self.assertEqual(error["code"], "INPUT")
        self.assertIn("--cic", error["hint"])

    def test_help_teaches(self) -> None:
        for command in ("verify", "explain", "check", "sign", "status", "resume"):
            for words in ((command, "--help"), ("help", command), (command, "-h")):
                result = run(*words)
                self.assertEqual((result.code, result.err), (OK, ""))
                self.assertIn("Examples", result.out)
                self.assertIn(f"ine {command} ", result.out)
                self.assertLessEqual(max(map(len, result.out.splitlines())), 100)
            self.assertIn(f"ine {command}", run("help").out)

    def test_version(self) -> None:
        text = run("--version").out
        self.assertRegex(text, r"^ine \d+\.\d+\.\d+\n")
        self.assertIn("openssl=", text)
        self.assertIn("libcurl=", text)

    def test_a_full_disk_is_no_success(self) -> None:
        command = [INE, "--version"]
        with open("/dev/full", "w") as full:
            done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, env=environment(), check=False)
        self.assertEqual(done.returncode, TROUBLE)
        self.assertIn(b"could not be written", done.stderr)


if __name__ == "__main__":
    main()
