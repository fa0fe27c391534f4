#!/usr/bin/env python3
"""`ine curp`, `mrz`, `redact`, `evidence`, `registration check`, and the help of every tool."""

from __future__ import annotations

import hashlib
import json

from delivery import decision, raw
from tool import CURP, FATHER, FIRST, OK, PAYLOADS, REFUSED, TROUBLE, Case, main, run

GOOD = "HEGG560427MVZRRL04"
RECORD = {"encryptionKey": "k" * 44, "endpointUrl": "https://fimpe.example.test", "institutionId": "0042",
          "stationId": "1", "latitude": "19.432608", "longitude": "-99.133209", "postalCode": "06000",
          "city": "Ciudad de México", "state": "CDMX"}  # fmt: skip


def digit(text: str) -> str:
    """The check digit of ICAO 9303-3."""
    values = (0 if c == "<" else int(c, 36) for c in text)
    return str(sum(value * (7, 3, 1)[i % 3] for i, value in enumerate(values)) % 10)


def back_of_a_card() -> str:
    cic, birth, expiry = "123456789", "800101", "301231"
    first = f"IDMEX{cic}{digit(cic)}<<0123456789012"[:30].ljust(30, "<")
    second = f"{birth}{digit(birth)}H{expiry}{digit(expiry)}MEX<01<<12345<"
    upper = first[5:] + second[:7] + second[8:15] + second[18:29]
    second = second[:29].ljust(29, "<") + digit(upper[:25] + second[:7] + second[8:15] + second[18:29])
    return "\n".join((first, second, "ZUTANO<PEREZ<<JUAN".ljust(30, "<")))


class Curp(Case):
    def test_good(self) -> None:
        for words, given in (((GOOD,), b""), (("-",), f"{GOOD}\n".encode()), ((), f"{GOOD}\r\n".encode())):
            found = run("curp", *words, "--json", given=given)
            self.assertEqual((found.code, found.json["ok"]), (OK, True), found)
            self.assertEqual((found.json["birth"], found.json["sex"]), ("1956-04-27", "M"))
        drawn = run("curp", given=GOOD.encode())
        self.assertIn("1956-04-27", drawn.out)
        self.assertNotIn(GOOD, drawn.out)
        self.assertIn("nacimiento", run("curp", "--lang", "es", given=GOOD.encode()).out)

    def test_bad(self) -> None:
        for given in (b"", b"X", b"\xff\xfe", b"A" * 18, b"1" * 18, GOOD.encode() * 2, b"A" * 5000, b"\x00" * 18):
            found = run("curp", "--json", given=given)
            self.assertEqual(found.code, REFUSED, given[:20])
            self.assertEqual(run("curp", given=given).code, REFUSED)

    def test_strict(self) -> None:
        self.assertEqual(run("curp", "--json", given=CURP.encode()).json["birth"], None)
        found = run("curp", "--strict", "all", "--json", given=CURP.encode())
        self.assertEqual((found.code, found.json["ok"]), (REFUSED, False))
        self.error(run("curp", "--strict", "nonsense", "--json", given=GOOD.encode()), REFUSED)


class Mrz(Case):
    def test_a_card(self) -> None:
        text = back_of_a_card()
        for given in (text, text.replace("\n", ""), text.replace("\n", "\r\n") + "\n"):
            found = run("mrz", "--json", given=given.encode())
            self.assertEqual(
                (found.json["cic"], found.json["birth"], found.json["sex"]), ("123456789", "1980-01-01", "H")
            )
            self.assertEqual((found.json["expiry"], found.json["surnames"]), ("2030-12-31", "ZUTANO<PEREZ"), found)
            self.assertEqual(set(found.json), {"cic", "number", "citizen_id", "emission", "birth", "expiry", "sex",
                                               "surnames", "given_names", "ok", "problems"})  # fmt: skip
        drawn = run("mrz", "-", given=text.encode()).out
        self.assertIn("123456789", drawn)
        self.assertIn("ZUTANO PEREZ", drawn)

    def test_a_slip_of_the_finger(self) -> None:
        text = back_of_a_card().replace("123456789", "123456780", 1)
        found = run("mrz", "--json", given=text.encode())
        self.assertEqual(found.code, REFUSED)
        self.assertIn("CHECK_DIGIT", [problem["code"] for problem in found.json["problems"]])

    def test_hostile(self) -> None:
        for given in (b"", b"\n\n\n", b"\x00" * 90, b"\xff" * 90, b"<" * 90, b"IDMEX" * 18, b"A" * 5000):
            self.assertEqual(run("mrz", "--json", given=given).code, REFUSED, given[:10])
            self.assertNotIn("\x00", run("mrz", given=given).out)


class Redact(Case):
    def test_every_payload(self) -> None:
        for path in sorted(PAYLOADS.glob("*.json")):
            with self.subTest(path.name):
                result = run("redact", str(path))
                self.assertEqual((result.code, result.err), (OK, ""))
                json.loads(result.out)
        body = decision(vendorData="case-4711", person={"firstName": FIRST, "lastName": FATHER}, surprise=CURP)  # type: ignore[arg-type]
        result = run("redact", "-", given=body)
        for value in (FIRST, FATHER, CURP, "case-4711"):
            self.assertNotIn(value, result.out)
        self.assertIn("9001", result.out)

    def test_refused(self) -> None:
        for body in (b"", b"{", f'{{"a":"{CURP}"'.encode(), b"\xff", b"[" * 100):
            result = run("redact", "-", given=body)
            self.assertEqual((result.code, result.out), (REFUSED, ""))
            self.error(run("redact", "-", "--json", given=body), REFUSED)


class Evidence(Case):
    def make(self, *words: str, body: bytes | None = None) -> str:
        path = self.file("body.json", body or raw("decision_lost_or_stolen"))
        result = run("evidence", "make", path, *words)
        self.assertEqual((result.code, result.err), (OK, ""))
        return self.file("record.json", result.out)

    def test_there_and_back(self) -> None:
        words = ("--source", "webhook", "--received-at", "2026-04-01T10:01:05.250Z", "--integration", "live",
                 "--selfie-given", "0a" * 32, "--consent-time", "1775037665000", "--consent-version", "v3",
                 "--consent-channel", "branch")  # fmt: skip
        record = self.make(*words)
        with open(record, encoding="utf-8") as file:
            made = json.load(file)
        self.assertEqual((made["source"], made["received_at_ms"]), ("webhook", 1775037665250))
        self.assertEqual(made["consent"], {"time_ms": 1775037665000, "text_version": "v3", "channel": "branch"})
        self.assertEqual(made["selfie_sha256"]["given"], "0a" * 32)
        body = str(self.folder / "body.json")
        self.assertEqual(run("evidence", "check", record, body).code, OK)
        self.assertEqual(run("evidence", "check", record, body, "--json").json, {"ok": True})
        self.assertEqual(run("evidence", "check", record, "-", given=raw("decision_lost_or_stolen")).code, OK)

    def test_the_selfie_itself(self) -> None:
        comment = b"\xff\xfe\x00\x06JUAN"
        head, rest = (
            b"\xff\xd8",
            b"\xff\xdb\x00\x04\x00\x00" + bytes.fromhex("ffc0000b080040004001011100ffda0008010100003f000102ffd9"),
        )
        path = self.folder / "selfie.jpg"
        path.write_bytes(head + comment + rest)
        with open(self.make("--selfie-file", str(path)), encoding="utf-8") as file:
            hashes = json.load(file)["selfie_sha256"]
        self.assertEqual(hashes["given"], hashlib.sha256(head + comment + rest).hexdigest())
        self.assertEqual(hashes["sent"], hashlib.sha256(head + rest).hexdigest())

    def test_nothing_of_the_person(self) -> None:
        body = decision(vendorData="case-4711", person={"firstName": FIRST, "idNumber": CURP})  # type: ignore[arg-type]
        with open(self.make(body=body), encoding="utf-8") as file:
            text = file.read()
        for value in (FIRST, CURP, "case-4711"):
            self.assertNotIn(value, text)

    def test_another_body_or_verdict(self) -> None:
        record = self.make()
        other = self.file("other.json", raw("decision_lost_or_stolen") + b" ")
        self.error(run("evidence", "check", record, other, "--json"), TROUBLE, code="MISMATCH")
        with open(record, encoding="utf-8") as file:
            changed = file.read().replace("NOT_VERIFIED", "VERIFIED")
        body = str(self.folder / "body.json")
        self.error(run("evidence", "check", self.file("forged", changed), body, "--json"), TROUBLE, code="MISMATCH")

    def test_refused(self) -> None:
        record, body = self.make(), str(self.folder / "body.json")
        for words in (
            ("check", self.file("empty", b""), body),
            ("check", self.file("list", b"[]"), body),
            ("check", body, body),
            ("check", "-", "-"),
            ("check", record),
            ("check", str(self.folder / "none"), body),
            ("make", self.file("cut", b'{"verification":')),
            ("make", body, "--received-at", "2026-02-30T10:00:00Z"),
            ("make", body, "--received-at", "2026-04-31T10:00:00Z"),
            ("make", body, "--received-at", "2026-04-01T24:00:00Z"),
            ("make", body, "--received-at", "2026-04-01T10:61:00Z"),
            ("make", body, "--received-at", "2026-04-01T10:00:00+01:00"),
            ("make", body, "--received-at", "2026-04-01T10:00:00."),
            ("make", body, "--received-at", "yesterday"),
            ("make", body, "--received-at", ""),
            ("make", body, "--consent-time", "99999999999999999999"),
            ("make", body, "--source", "rumour"),
            ("make", body, "--selfie-file", "/nonexistent"),
            ("make", body, "--selfie-given", "abc"),
        ):
            with self.subTest(words):
                self.error(run("evidence", *words, "--json"), REFUSED)


class Registration(Case):
    def test_complete(self) -> None:
        result = run("registration", "check", "-", given=json.dumps(RECORD).encode())
        self.assertNotIn("k" * 44, result.out + result.err)
        found = run("registration", "check", "-", "--json", given=json.dumps(RECORD).encode()).json
        self.assertEqual([p for p in found["problems"] if p["severity"] == "error"], [], found)
        self.assertEqual((result.code, found["ok"]), (OK, True))

    def test_each_field(self) -> None:
        for field in RECORD:
            record = {key: value for key, value in RECORD.items() if key != field}
            found = run("registration", "check", self.file("record", json.dumps(record)), "--json")
            self.assertEqual(found.code, REFUSED)
            self.assertIn(field, [problem["field"] for problem in found.json["problems"]])
            self.assertNotIn("k" * 44, found.out)

    def test_refused(self) -> None:
        for body in (b"", b"[]", b"{", b"\xff", b"null"):
            self.assertEqual(run("registration", "check", "-", given=body).code, REFUSED)


class Help(Case):
    def test_each_teaches(self) -> None:
        names = ("webhook verify", "listen", "doctor", "curp", "mrz", "redact", "evidence make", "evidence check",
                 "registration check")  # fmt: skip
        overview = run("help").out
        for name in names:
            with self.subTest(name):
                shown = run(*name.split(), "--help")
                self.assertEqual((shown.code, shown.err), (OK, ""))
                self.assertEqual(shown, run("help", *name.split()))
                self.assertIn(f"  ine {name} ", overview)
                examples = shown.out.split("Examples\n", 1)[1].split("\n\n", 1)[0]
                self.assertIn(f"ine {name}", examples)
        for personal in ("curp", "mrz"):
            self.assertIn("standard input", run(personal, "--help").out)


if __name__ == "__main__":
    main()
