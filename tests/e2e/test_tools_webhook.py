#!/usr/bin/env python3
"""`ine webhook verify`: genuine or not, said in a way that a script and a person can use."""

from __future__ import annotations

import json
from collections.abc import Callable

from delivery import ENV, SESSION, decision, event, options, raw, sign, signed
from tool import FATHER, FIRST, KEY, OK, REFUSED, SECRET, TROUBLE, Case, Result, main, run

BODY = raw("decision_selfie_mismatch")


def verify(*words: str, body: bytes = BODY, env: dict[str, str] | None = None) -> Result:
    result = run("webhook", "verify", *words, given=body, env=ENV | (env or {}))
    assert SECRET not in result.out + result.err
    return result


class Genuine(Case):
    def test_piped_in(self) -> None:
        result = verify(*options(signed(BODY)))
        self.assertEqual((result.code, result.err), (OK, ""))
        for part in ("genuine", "DECISION", SESSION, "selfie", "NOT VERIFIED"):
            self.assertIn(part, result.out)

    def test_json(self) -> None:
        found = verify(*options(signed(BODY)), "--json").json
        self.assertEqual((found["genuine"], found["kind"], found["secret_index"]), (True, "DECISION", 0))
        self.assertEqual(found["decision_id"].split("/")[0], SESSION)
        self.assertEqual(found["verdict"]["outcome"], "NOT_VERIFIED")
        self.assertEqual(len(found["dedupe_key"]), 64)
        self.assertNotIn("case-4711", json.dumps(found))

    def test_no_person_is_printed(self) -> None:
        body = decision(vendorData="case-4711", person={"firstName": FIRST, "lastName": FATHER})  # type: ignore[arg-type]
        for words in ((), ("--json",)):
            result = verify(*options(signed(body)), *words, body=body)
            self.assertEqual(result.code, OK)
            for value in (FIRST, FATHER, "case-4711", KEY):
                self.assertNotIn(value, result.out + result.err)

    def test_headers_in_a_file(self) -> None:
        signature = sign(BODY)
        shapes = (
            f"X-HMAC-SIGNATURE: {signature}\nX-AUTH-CLIENT: {KEY}\n",
            f"POST /hooks?a=http://b HTTP/1.1\r\nHost: a:80\r\nx-hmac-signature:{signature.upper()}\r\nx-auth-client:\t{KEY}\r\n\r\n",
            f"> vrf-hmac-signature: {signature}\n> vrf-auth-client: {KEY}\n>\n"[: -len(">\n")],
            f":method: POST\n:path: /x\nx-hmac-signature: {signature}\nx-auth-client: {KEY}",
        )
        for shape in shapes:
            with self.subTest(shape[:20]):
                headers, body = self.file("headers", shape), self.file("body", BODY)
                self.assertEqual(verify("--headers", headers, "--body", body, body=b"").code, OK)

    def test_the_old_secret(self) -> None:
        old = self.file("old", b"the-secret-of-last-year")
        words = options(signed(BODY, "the-secret-of-last-year"))
        self.assertEqual(verify(*words).code, TROUBLE)
        found = verify(*words, "--old-secret-file", old, "--json").json
        self.assertEqual((found["secret"], found["secret_index"]), ("old", 1))

    def test_other_kinds(self) -> None:
        for body, kind in ((event(), "EVENT"), (b'{"something":"else"}', "UNKNOWN"), (b"{}", "UNKNOWN")):
            found = verify(*options(signed(body)), "--json", body=body)
            self.assertEqual((found.code, found.json["kind"]), (OK, kind))
            self.assertNotIn("case-4711", verify(*options(signed(body)), body=body).out)

    def test_require(self) -> None:
        found = verify(*options(signed(BODY)), "--require", "first_name_match", "--json").json
        self.assertEqual(found["verdict"]["unmet"], ["first_name_match"])


class Refused(Case):
    def refused(self, reason: str, *words: str, body: bytes = BODY) -> None:
        with self.subTest(reason):
            found = verify(*words, "--json", body=body)
            self.assertEqual((found.code, found.json["genuine"], found.json["reason"]), (TROUBLE, False, reason))
            self.assertTrue(found.json["hint"])
            said = verify(*words, body=body)
            self.assertEqual((said.code, said.out), (TROUBLE, ""))
            self.assertIn(reason, said.err)

    def test_every_reason(self) -> None:
        signature = sign(BODY)
        right = signed(BODY)
        self.refused("NO_SIGNATURE")
        self.refused("NO_KEY", *options({"x-hmac-signature": signature}))
        self.refused("LEGACY_SIGNATURE", *options({"x-signature": signature, "x-auth-client": KEY}))
        self.refused("MALFORMED_SIGNATURE", *options(right | {"x-hmac-signature": signature[:-1]}))
        self.refused("UNKNOWN_KEY", *options(right | {"x-auth-client": SESSION}))
        self.refused("WRONG_SIGNATURE", *options(signed(BODY, "another secret")))
        self.refused("WRONG_SIGNATURE", *options(right), body=BODY + b"\n")
        self.refused("SEVERAL_SIGNATURES", *options(right), *options({"X-Hmac-Signature": signature}))
        self.refused("SEVERAL_SIGNATURES", *options(right | {"x-hmac-signature": f"{signature},{signature}"}))
        self.refused("CONFLICT", *options(right | {"vrf-hmac-signature": sign(b"other")}))
        self.refused("ENCODED", *options(right | {"content-encoding": "gzip"}))
        self.refused("WRONG_SIGNATURE", *options(signed(b"x")), body=b"")

    def test_one_bit(self) -> None:
        for at in range(0, len(BODY), 97):
            body = bytearray(BODY)
            body[at] ^= 1
            result = verify(*options(signed(BODY)), "--json", body=bytes(body))
            self.assertEqual((result.code, result.json["reason"]), (TROUBLE, "WRONG_SIGNATURE"))

    def test_signed_but_not_json(self) -> None:
        for body in (b"\xff\xfe\x00", b'{"a":1,}', b"[" * 100, b"", b'{"status":"a","status":"b"}'):
            with self.subTest(body[:20]):
                result = verify(*options(signed(body)), "--json", body=body)
                self.assertEqual(result.code, TROUBLE)
                self.assertIn(result.json["error"]["code"], ("JSON", "FORM"))

    def test_usage(self) -> None:
        cases: tuple[Callable[[], Result], ...] = (
            lambda: verify("--header", "no colon", "--json"),
            lambda: verify("--header", ": no name", "--json"),
            lambda: verify("--header", "two words: x", "--json"),
            lambda: verify("--json", *["--header", "a: b"] * 65),
            lambda: verify("--headers", "-", "--json"),
            lambda: verify("--headers", str(self.folder / "none"), "--json"),
            lambda: verify("--headers", self.file("folded", "a: b\n folded\n"), "--json"),
            lambda: verify("--body", str(self.folder), "--json"),
            lambda: verify("--json", body=b"x" * ((1 << 20) + 1)),
            lambda: verify("--require", "nonsense", "--json"),
            lambda: run("webhook", "verify", "--json", given=BODY, env={"INE_API_KEY": KEY}),
            lambda: run("webhook", "verify", "--json", given=BODY, env={"INE_SECRET": SECRET}),
            lambda: run("webhook", "verify", "--json", "--secret-file", "-", given=BODY, env={"INE_API_KEY": KEY}),
        )
        for number, case in enumerate(cases):
            with self.subTest(number):
                self.error(case(), REFUSED)

    def test_standard_input_is_read_once(self) -> None:
        body = self.file("body", BODY)
        for words in (
            ("--headers", "-"),
            ("--secret-file", "-"),
            ("--headers", "-", "--body", body, "--old-secret-file", "-"),
        ):
            found = self.error(run("webhook", "verify", *words, "--json", given=b"x", env=ENV), REFUSED)
            self.assertIn("arguments", [problem["field"] for problem in found["problems"]])
        given = "".join(f"{name}: {value}\n" for name, value in signed(BODY).items()).encode()
        self.assertEqual(verify("--headers", "-", "--body", body, body=given).code, OK)

    def test_half_a_command(self) -> None:
        for words in (("webhook",), ("webhook", "--help"), ("webhook", "sign"), ("evidence",), ("registration", "x")):
            result = run(*words)
            self.assertEqual((result.code, result.out), (REFUSED, ""))
            self.assertIn(f"ine {words[0]} ", result.err)


if __name__ == "__main__":
    main()
