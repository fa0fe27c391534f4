#!/usr/bin/env python3
"""`ine doctor`: finds what usually goes wrong, names it, and never prints a secret."""

from __future__ import annotations

import hashlib
import json

from delivery import ENV, SESSION, options, raw, sign, signed
from tool import KEY, OK, REFUSED, SECRET, TROUBLE, Case, Result, jpeg, main, run, sandbox

BODY = raw("decision_approved_all_checks")
UUID = "abcdef12-abcd-abcd-abcd-abcdef012345"


def doctor(*words: str, body: bytes = b"", env: dict[str, str] | None = None, only: bool = False) -> Result:
    chosen = (env or {}) if only else ENV | (env or {})
    result = run("doctor", *words, given=body, env=chosen)
    for value in (chosen.get("INE_SECRET", SECRET).strip(), SECRET):
        assert len(value) < 8 or value not in result.out + result.err, "a secret was said"
    return result


class Deliveries(Case):
    def found(self, code: str, headers: dict[str, str], body: bytes, env: dict[str, str] | None = None) -> None:
        with self.subTest(code):
            result = doctor(*options(headers), "--json", body=body, env=env)
            self.assertEqual(result.code, TROUBLE, result)
            codes = [problem["code"] for problem in result.json["problems"]]
            self.assertIn(code, codes)
            self.assertIs(result.json["ok"], False)
            for language in ("es", "en"):
                said = doctor(*options(headers), "--lang", language, body=body, env=env)
                self.assertIn(code, said.out)

    def test_what_goes_wrong_on_the_way(self) -> None:
        signature = signed(BODY)
        indented = json.dumps(json.loads(BODY), indent=4).encode()
        minified = json.dumps(json.loads(BODY), separators=(",", ":"), ensure_ascii=False).encode()
        self.found("REFORMATTED", signed(minified), indented)
        self.found("REFORMATTED", signed(minified), minified.replace(b'{"', b'{\n\t   "'))
        self.found("TRAILING_NEWLINE", signature, BODY + b"\n")
        self.found("MISSING_NEWLINE", signed(minified + b"\n"), minified)
        self.found("BOM", signature, b"\xef\xbb\xbf" + BODY)
        self.found("LINE_ENDS", signed(indented), indented.replace(b"\n", b"\r\n"))
        self.found("WRONG_SIGNATURE", signature, BODY.replace(b"success", b"failure", 1))
        self.found("NO_SIGNATURE", {"x-auth-client": KEY}, BODY)
        self.found("UNKNOWN_KEY", signed(BODY, key=SESSION), BODY)

    def test_wrong_secrets(self) -> None:
        self.found("SECRET_SPACE", signed(BODY), BODY, {"INE_SECRET": SECRET + " "})
        self.found("SECRET_SPACE", signed(BODY), BODY, {"INE_SECRET": "\t" + SECRET})
        self.found("SECRET_IS_KEY", signed(BODY, KEY), BODY)
        self.found("SECRET_DECODED", signed(BODY, bytes.fromhex(UUID.replace("-", ""))), BODY, {"INE_SECRET": UUID})
        self.found("WRONG_SIGNATURE", signed(BODY, "of another integration"), BODY)

    def test_old_schemes(self) -> None:
        plain = hashlib.sha256(BODY + SECRET.encode()).hexdigest()
        session = json.loads(BODY)["verification"]["id"]
        self.found("LEGACY_SCHEME", {"x-signature": plain, "x-auth-client": KEY}, BODY)
        self.found("LEGACY_SCHEME", {"x-hmac-signature": plain, "x-auth-client": KEY}, BODY)
        self.found("SIGNED_ID", {"x-hmac-signature": sign(session.encode()), "x-auth-client": KEY}, BODY)

    def test_genuine(self) -> None:
        result = doctor(*options(signed(BODY)), "--json", body=BODY)
        self.assertEqual((result.code, result.json["ok"], result.json["problems"]), (OK, True, []))
        self.assertEqual(result.json["examined"], ["api_key", "secret", "delivery"])

    def test_hostile_bodies(self) -> None:
        for body in (
            b"",
            b"\x00" * 4096,
            b"[" * 100_000,
            b'{"a":' * 5000,
            b"\xff" * 1000,
            b'"' + b"a" * 900_000 + b'"',
        ):
            result = doctor(*options(signed(b"x")), "--json", body=body)
            self.assertEqual((result.code, result.json["problems"][0]["code"]), (TROUBLE, "WRONG_SIGNATURE"))


class Settings(Case):
    def codes(self, *words: str, env: dict[str, str], expect: int = TROUBLE) -> list[tuple[str, str]]:
        result = doctor(*words, "--json", env=env, only=True)
        self.assertEqual(result.code, expect, result)
        self.assertEqual(result.json["ok"], expect == OK)
        return [(problem["field"], problem["code"]) for problem in result.json["problems"]]

    def test_nothing_set(self) -> None:
        self.assertEqual(self.codes(env={}), [("secret", "REQUIRED"), ("api_key", "REQUIRED")])

    def test_the_secret(self) -> None:
        for secret, code in (
            (SECRET.encode() + b"\n", "TRAILING_NEWLINE"),
            (SECRET.encode() + b"\r\n", "TRAILING_NEWLINE"),
            (b" " + SECRET.encode(), "SECRET_SPACE"),
            (b'"' + SECRET.encode() + b'"', "QUOTES"),
            (b"\xef\xbb\xbf" + SECRET.encode(), "BOM"),
            (KEY.upper().encode(), "SECRET_IS_KEY"),
            (KEY.encode() + b"\n", "SECRET_IS_KEY"),
        ):
            with self.subTest(code):
                path = self.file("secret", secret)
                self.assertIn(("secret", code), self.codes("--secret-file", path, env={"INE_API_KEY": KEY}))
                self.assertIn(code, doctor("--secret-file", path, env={"INE_API_KEY": KEY}, only=True).out)
        missing = str(self.folder / "none")
        self.assertIn(("secret", "UNREADABLE"), self.codes("--secret-file", missing, env={"INE_API_KEY": KEY}))
        zero = self.file("zero", bytes(16))
        self.assertTrue(self.codes("--secret-file", zero, env={"INE_API_KEY": KEY}))
        self.assertEqual(
            self.codes("--secret-file", self.file("good", SECRET), env={"INE_API_KEY": KEY}, expect=OK), []
        )

    def test_key_url_and_ca(self) -> None:
        self.assertEqual(self.codes(env=ENV | {"INE_API_KEY": "not-a-uuid"})[0][0], "api_key")
        live = ENV | {"INE_API_KEY": "0c1f3c4e-8f9b-4f5e-9d4b-2f3a1b2c3d4e"}
        for url in ("ftp://a", "http://example.test", "https://", "stationapi", "https://user:pass@example.test"):
            self.assertTrue(self.codes(env=live | {"INE_BASE_URL": url}), url)
        self.assertEqual(self.codes(env=ENV | {"INE_BASE_URL": "https://stationapi.veriff.com"}, expect=OK), [])
        missing = str(self.folder / "none")
        self.assertIn(("ca_file", "UNREADABLE"), self.codes(env=ENV | {"INE_CA_FILE": missing}))
        self.assertIn(("ca_file", "FORMAT"), self.codes("--ca-file", self.file("picture", jpeg()), env=ENV))

    def test_input_that_is_not_there(self) -> None:
        self.error(doctor("--body", str(self.folder / "none"), "--json"), REFUSED)


class Connection(Case):
    def test_against_a_sandbox(self) -> None:
        with sandbox() as server:
            good = doctor("--connect", "--json", env=server.env)
            self.assertEqual((good.code, good.json["problems"]), (OK, []))
            self.assertIn("connection", good.json["examined"])
            wrong = doctor("--connect", "--json", env=server.env | {"INE_SECRET": SECRET})
            self.assertEqual((wrong.code, wrong.json["problems"][0]["code"]), (TROUBLE, "AUTH"))
            self.assertIn("portal", wrong.json["problems"][0]["hint"])
            base = server.env["INE_BASE_URL"]
        gone = doctor("--connect", "--json", env=server.env | {"INE_BASE_URL": base})
        self.assertEqual((gone.code, gone.json["problems"][0]["field"]), (TROUBLE, "connection"))

    def test_without_a_url(self) -> None:
        found = doctor("--connect", "--json")
        self.assertEqual((found.code, found.json["problems"][0]["field"]), (TROUBLE, "base_url"))


if __name__ == "__main__":
    main()
