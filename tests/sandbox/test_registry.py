"""A registry with people, the clock, and the switches for what the vendor's pages leave open."""

import os
import random
import subprocess
import unittest

from harness import BINARY, JPEG, Sandbox, SandboxTest, payload, temp_file

CHECKS = [
    "consent_obtained",
    "person_registered",
    "selfie_registry_match",
    "not_reported_lost_or_stolen",
    "first_name_match",
    "father_last_name_match",
    "mother_last_name_match",
    "personal_number_match",
    "registration_year_match",
    "issue_year_match",
]
PEOPLE = int(os.environ.get("INE_SANDBOX_PEOPLE", "1500"))


def jpeg(text):
    """A JPEG with a segment of its own (APP9), where no camera and no editor writes."""
    segment = text.encode()
    return b"\xff\xd8\xff\xe9" + (len(segment) + 2).to_bytes(2, "big") + segment + b"\xff\xd9"


class Admin(SandboxTest):
    def admin(self, method, target, body=None, status=200):
        import json

        data = None if body is None else json.dumps(body).encode()
        headers = [("Content-Type", "application/json")] if data is not None else []
        reply = self.client.raw(method, "/sandbox" + target, data, headers)
        self.assertEqual(reply.status, status, reply.body)
        return reply.json

    def change(self, **switches):
        """Sets switches of the sandbox's integration; they are put back afterwards."""
        before = self.admin("GET", "/integrations/" + self.client.api_key)
        after = self.admin("PATCH", "/integrations/" + self.client.api_key, switches)
        for name, value in switches.items():
            self.assertEqual(after[name], value)
        self.addCleanup(
            self.admin, "PATCH", "/integrations/" + self.client.api_key, {name: before[name] for name in switches}
        )

    def checks(self, **changes):
        return self.client.verify(**changes)["verification"]["registryValidations"]["MX_INE"]["validations"]


class People(Admin):
    options = ("--seed", "9", "--decision-delay-ms", "0", "--unlisted-not-found")
    ana = {
        "cic": "111111111",
        "first_name": "ANA",
        "last_name": "PEÑA",
        "second_last_name": "RUIZ",
        "curp": "PERA900101MDFXZN00",
        "registration_year": 2018,
        "issue_year": 2020,
    }

    def person(self, **changes):
        out = {"firstName": "Ana", "lastName": "PEÑA", "secondLastName": "Ruiz", "idNumber": "PERA900101MDFXZN00"}
        return {**out, **changes}

    def test_add_list_read_delete(self):
        self.assertEqual(self.admin("POST", "/people", self.ana, 201), {"people": 1})
        self.assertEqual(self.admin("POST", "/people", [self.ana, {"cic": "222222222"}], 201), {"people": 2})
        listed = self.admin("GET", "/people")
        self.assertEqual([p["cic"] for p in listed], ["222222222", "111111111"])
        self.assertEqual({k: v for k, v in listed[1].items() if k != "seq"}, self.ana)
        self.assertEqual(self.admin("DELETE", "/people/222222222")["cic"], "222222222")
        self.admin("GET", "/people/222222222", status=404)
        self.assertEqual([p["cic"] for p in self.admin("GET", "/people")], ["111111111"])
        for bad in (
            {},
            {"cic": "1"},
            {"cic": 111111111},
            {"cic": "111111111", "issue_year": "2020"},
            [1],
            {"cic": "111111111", "issue_year": 99999},
        ):
            self.admin("POST", "/people", bad, 400)
        self.client.raw("POST", "/sandbox/people", b"{}", [("Content-Type", "text/plain")])

    def test_the_registry_answers_from_its_table(self):
        self.admin("POST", "/people", self.ana, 201)
        self.assertEqual(self.client.verify(cic="333333333")["verification"]["reasonCode"], 902)
        good = self.client.verify(cic="111111111", person=self.person())["verification"]
        self.assertEqual((good["status"], good["reasonCode"]), ("approved", None))
        for name, check in (
            ("firstName", "first_name_match"),
            ("lastName", "father_last_name_match"),
            ("secondLastName", "mother_last_name_match"),
        ):
            checks = self.checks(cic="111111111", person=self.person(**{name: "OTRO"}))
            self.assertEqual([c for c in CHECKS if checks[c]["result"] != "success"], [check])
        checks = self.checks(cic="111111111", person=self.person(), firstIssue="2017-12-31", validFrom="2021-01-01")
        self.assertEqual(
            [c for c in CHECKS if checks[c]["result"] != "success"], ["registration_year_match", "issue_year_match"]
        )
        self.admin("POST", "/people", {**self.ana, "lost": 1}, 201)
        self.assertEqual(self.client.verify(cic="111111111")["verification"]["reasonCode"], 904)

    def test_faces(self):
        cases = [
            ("ana", "ana", "approved"),
            ("ana", "eva", "declined"),
            ("ana", None, "declined"),
            (None, "ana", "approved"),
            (None, None, "approved"),
        ]
        for known, shown, status in cases:
            person = {**self.ana, **({"face": known} if known else {})}
            self.admin("POST", "/people", person, 201)
            image = jpeg("ine-sandbox-face=" + shown) if shown else JPEG
            verification = self.client.verify(cic="111111111", person=self.person(), image=image)["verification"]
            self.assertEqual(verification["status"], status, (known, shown))
        import hashlib

        self.admin("POST", "/people", {**self.ana, "face_sha": hashlib.sha256(JPEG).hexdigest()}, 201)
        for image, status in ((JPEG, "approved"), (JPEG + b"x", "declined")):
            verification = self.client.verify(cic="111111111", person=self.person(), image=image)["verification"]
            self.assertEqual(verification["status"], status)

    def test_random_people(self):
        """What was meant, worked out here from the vendor's cascade, against what the sandbox says."""
        rng = random.Random(11)
        names = ["ANA", "JOSÉ", "LUZ MARÍA", "ÑO", "X"]
        counts = {}
        for n in range(PEOPLE):
            cic = f"4{n:08d}"
            known = {
                "cic": cic,
                "first_name": rng.choice(names),
                "last_name": rng.choice(names),
                "second_last_name": rng.choice(names),
                "curp": f"AAAA{n:06d}HAAAAAA{n % 10}"[:16] + f"A{n % 10}",
                "registration_year": rng.randint(2010, 2012),
                "issue_year": rng.randint(2010, 2012),
            }
            found, lost, consent, score = (
                rng.random() < 0.9,
                rng.random() < 0.1,
                rng.random() < 0.9,
                rng.choice((79, 80)),
            )
            if found:
                self.admin("POST", "/people", {**known, **({"lost": 1} if lost else {})}, 201)
            sent = [
                rng.choice((None, "", known[k] if isinstance(known[k], str) else None, "OTRO"))
                for k in ("first_name", "last_name", "second_last_name")
            ]
            curp = rng.choice((None, known["curp"], "BBBB000000HAAAAAA0", "short"))
            years = [rng.choice((None, 2010, 2011, 2012)) for _ in range(2)]
            body = self.client.request(cic=cic, consent=consent)
            person = dict(zip(("firstName", "lastName", "secondLastName", "idNumber"), [*sent, curp]))
            body["verification"]["person"] = {k: v for k, v in person.items() if v is not None}
            for key, year in zip(("firstIssue", "validFrom"), years):
                body["verification"]["document"][key] = None if year is None else f"{year}-05-06"
            verification = self.client.verify(body, image=jpeg(f"ine-sandbox-score={score}"))["verification"]
            if not consent:
                failed, code = ["consent_obtained"], 640
            elif curp == "short" or not found:
                failed, code = ["person_registered"], 902
            elif score < 80:
                failed, code = ["selfie_registry_match"], 581
            elif lost:
                failed, code = ["not_reported_lost_or_stolen"], 904
            else:
                pairs = zip(
                    CHECKS[4:],
                    [*sent, curp, *years],
                    ["first_name", "last_name", "second_last_name", "curp", "registration_year", "issue_year"],
                )
                failed = [check for check, value, key in pairs if value not in (None, "") and value != known[key]]
                code = 903 if failed else None
            checks = verification["registryValidations"]["MX_INE"]["validations"]
            self.assertEqual([c for c in checks if checks[c]["result"] == "failure"], failed)
            self.assertEqual(verification["reasonCode"], code)
            self.assertEqual(verification["status"], "declined" if failed else "approved")
            counts[code] = counts.get(code, 0) + 1
        print("random people:", PEOPLE, "by reasonCode:", {str(k): v for k, v in sorted(counts.items(), key=str)})
        self.assertEqual(len(counts), 6)

    def test_import(self):
        good = (
            '\ufeffcic,first_name,last_name,lost\r\n111111111,"ANA ""LA"" X","PEÑA, RUIZ",\r\n\r\n222222222,EVA,,1'
        ).encode()
        sandbox = Sandbox("--people", temp_file(good), "--unlisted-not-found", "--decision-delay-ms", "0")
        self.addCleanup(sandbox.stop)
        client = sandbox.client()
        self.addCleanup(client.connection.close)
        person = {"firstName": 'ANA "LA" X', "lastName": "PEÑA, RUIZ"}
        self.assertEqual(client.verify(cic="111111111", person=person)["verification"]["reasonCode"], 903)
        del person  # only the years differ: the file has none
        body = client.request(
            cic="111111111",
            person={"firstName": 'ANA "LA" X', "lastName": "PEÑA, RUIZ"},
            firstIssue=None,
            validFrom=None,
        )
        self.assertEqual(client.verify(body)["verification"]["status"], "approved")
        self.assertEqual(client.verify(cic="222222222")["verification"]["reasonCode"], 904)
        database = temp_file(name="people.db")
        out = subprocess.run([BINARY, "import", temp_file(good), "--db", database], capture_output=True, text=True)
        self.assertEqual((out.returncode, out.stdout), (0, "2 people\n"), out.stderr)
        for bad, line in (
            (b"", 1),
            (b"cic\n1\n", 2),
            (b"cic,other\n111111111,x\n", 2),
            (b"cic\n111111111,2\n", 2),
            (b'cic,first_name\n111111111,"A\n', 3),
            (b"cic,issue_year\n111111111,x\n", 2),
            (b"cic,first_name\n111111111,\xff\n", 2),
        ):
            out = subprocess.run([BINARY, "import", temp_file(bad), "--db", database], capture_output=True, text=True)
            self.assertEqual((out.returncode, out.stdout), (2, ""), bad)
            self.assertIn(f"line {line}:", out.stderr)
            self.assertNotIn("111111111", out.stderr)


class Switches(Admin):
    def test_unknown_switches_and_values(self):
        for bad in (
            {"nothing": 1},
            {"casing": "Upper"},
            {"casing": 1},
            {"disabled": 1},
            {"threshold": 101},
            {"threshold": -1},
            {"threshold": "80"},
            {"optional_checks": "all"},
            {"optional_checks": ["x"]},
            {"rotate": False},
            {"name": 5},
            [],
        ):
            if bad:
                self.admin("PATCH", "/integrations/" + self.client.api_key, bad, 400)
        self.admin("GET", "/integrations/5a4db0c5-0000-4000-8000-000000000000", status=404)

    def test_disabled(self):
        self.change(disabled=True)
        self.refused(self.client.call("POST", "/v1/sessions", payload("request_create_session")), 401, 1804)

    def test_optional_checks_that_are_not_enabled_have_no_entry(self):
        self.change(optional_checks=["personal_number_match"])
        self.assertEqual(list(self.checks()), [*CHECKS[:4], "personal_number_match"])
        self.assertEqual(list(self.checks(cic="902000001")), [*CHECKS[:4], "personal_number_match"])

    def test_c2_casing(self):
        body = self.client.request(person={"firstName": "ANA"})
        for casing, result, reason in (
            ("upper", "NOT_APPLICABLE", "INPUT_NOT_PROVIDED"),
            ("mixed", "NOT_APPLICABLE", "input_not_provided"),
            ("lower", "not_applicable", "INPUT_NOT_PROVIDED"),
        ):
            self.change(casing=casing)
            checks = self.checks(body=body)
            self.assertEqual(checks["personal_number_match"], {"result": result, "reason": reason})
            self.assertEqual(checks["first_name_match"]["result"], "SUCCESS" if casing == "upper" else "success")

    def test_c3_threshold(self):
        self.change(threshold=95)
        self.assertEqual(self.client.verify(image=jpeg("ine-sandbox-score=94"))["verification"]["reasonCode"], 581)
        self.assertEqual(self.client.verify(image=jpeg("ine-sandbox-score=95"))["verification"]["reasonCode"], None)

    def test_c4_lost_in_the_cascade_s_form(self):
        self.change(lost_form="cascade")
        checks = self.checks(cic="904000001")
        self.assertEqual(checks["selfie_registry_match"], {"result": "success", "reason": None})
        self.assertEqual(checks["not_reported_lost_or_stolen"]["result"], "failure")

    def test_c6_consent(self):
        body = self.client.request(consent=False)
        self.change(consent="refuses_session")
        self.refused(self.client.call("POST", "/v1/sessions", body), 400, 1104)
        self.refused(self.client.call("POST", "/v1/sessions", self.client.request(consent=None)), 400, 1102)
        self.change(consent="refuses_submit")
        session = self.client.create(body)
        self.client.upload(session)
        self.refused(self.client.submit(session), 400, 1104)

    def test_c7_skipped_checks_absent(self):
        self.change(skipped="absent")
        self.assertEqual(list(self.checks(cic="581000001")), CHECKS[:3])
        self.assertEqual(len(self.checks(person={"firstName": "ANA"})), 10)

    def test_c9_malformed_code(self):
        self.change(malformed_code=640)
        self.assertEqual(self.client.verify(cic="902000002")["verification"]["reasonCode"], 640)

    def test_small_contradictions(self):
        self.change(fraction="6", country="MEX", technical_data="verification", comments="empty", address="127.0.0.1")
        decision = self.client.verify()
        verification = decision["verification"]
        self.assertNotIn("technicalData", decision)
        self.assertEqual(verification["technicalData"], {"ip": "127.0.0.1"})
        self.assertEqual(verification["comments"], [])
        self.assertEqual(verification["document"]["country"], "MEX")
        self.assertRegex(verification["submissionTime"], r"\.\d{6}Z$")
        self.change(fraction="none")
        self.assertRegex(self.client.verify()["verification"]["submissionTime"], r":\d{2}Z$")

    def test_c18_error_code_as_a_number(self):
        self.change(error_code="number")
        reply = self.client.raw("GET", "/v1/nothing", None, [("X-AUTH-CLIENT", self.client.api_key)])
        self.assertEqual(reply.json["code"], 1101)

    def test_c19_header_families(self):
        import json

        body = json.dumps(payload("request_create_session")).encode()
        headers = [("X-AUTH-CLIENT", self.client.api_key), ("Content-Type", "application/json")]
        for families, names in (("x", ["x"]), ("vrf", ["vrf"]), ("both", ["x", "vrf"])):
            self.change(headers=families)
            reply = self.client.raw("POST", "/v1/sessions", body, headers)
            for family in ("x", "vrf"):
                wanted = self.client.sign(reply.body) if family in names else None
                self.assertEqual(reply.header(family + "-hmac-signature"), wanted)
                self.assertEqual(reply.header(family + "-auth-client"), self.client.api_key if wanted else None)

    def test_session_reply(self):
        import hashlib
        import json

        body = json.dumps(payload("request_create_session")).encode()
        headers = [("X-AUTH-CLIENT", self.client.api_key), ("Content-Type", "application/json")]
        self.change(session_reply="unsigned")
        reply = self.client.raw("POST", "/v1/sessions", body, headers)
        self.assertEqual(
            (reply.status, reply.header("x-hmac-signature"), reply.header("x-signature")), (201, None, None)
        )
        self.change(session_reply="x_signature")
        reply = self.client.raw("POST", "/v1/sessions", body, headers)
        self.assertEqual(reply.header("x-signature"), hashlib.sha256(reply.body + self.client.secret).hexdigest())
        self.assertIsNone(reply.header("x-hmac-signature"))
        self.assertEqual(self.client.raw("POST", "/v1/sessions", b"{}", headers).header("x-signature"), None)

    def test_selfie_limit(self):
        self.change(selfie_limit=1)
        session = self.client.create()
        self.client.upload(session)
        self.client.upload(session)
        self.client.submit(session)
        self.assertEqual(self.client.decision(session).json["verification"]["reasonCode"], 539)

    def test_a_decline_into_a_resubmission_and_a_check_ignored(self):
        self.change(resubmit="581", ignore="902, 903")
        verification = self.client.verify(cic="581000001")["verification"]
        self.assertEqual(
            (verification["status"], verification["code"], verification["reasonCode"]),
            ("resubmission_requested", 9103, 581),
        )
        verification = self.client.verify(cic="903000005")["verification"]
        self.assertEqual(
            (verification["status"], verification["reasonCode"], verification["reason"]), ("approved", None, None)
        )
        self.assertEqual(verification["registryValidations"]["MX_INE"]["status"], "failure")

    def test_no_delete(self):
        self.change(no_delete=True)
        session = self.client.create()
        self.refused(self.client.call("DELETE", f"/v1/sessions/{session}", signed=session), 400, 1301)

    def test_more_integrations_and_rotation(self):
        minted = self.admin("POST", "/integrations", {"product": "mx_ine", "name": "second"}, 201)
        self.assertTrue(minted["api_key"].startswith("5a4db0c5-"))
        other = self.sandbox.client(api_key=minted["api_key"], secret=minted["secret"].encode())
        session = other.create()
        self.assertEqual(self.client.get(f"/v1/sessions/{session}/decision", session).status, 404)
        rotated = self.admin("PATCH", "/integrations/" + minted["api_key"], {"rotate": True})
        self.assertEqual(rotated["old_secret"], minted["secret"])
        fresh = self.sandbox.client(api_key=minted["api_key"], secret=rotated["secret"].encode())
        self.assertEqual(fresh.get(f"/v1/sessions/{session}/decision", session).status, 200)
        target = f"/v1/sessions/{session}/decision"
        with_old = self.client.raw(
            "GET",
            target,
            None,
            [("X-AUTH-CLIENT", minted["api_key"]), ("X-HMAC-SIGNATURE", other.sign(session.encode()))],
        )
        self.assertEqual(with_old.status, 200)
        self.assertEqual(with_old.header("x-hmac-signature"), fresh.sign(with_old.body))
        self.assertEqual(len(self.admin("GET", "/integrations")), 2)
        other.connection.close()
        fresh.connection.close()


class Life(Admin):
    def test_clock_expiry(self):
        created, started = self.client.create(), self.client.create()
        self.client.upload(started)
        self.admin("POST", "/settings", {"advance_ms": 7 * 86400 * 1000})
        self.addCleanup(self.admin, "POST", "/settings", {"clock_ms": 0})
        for session, status in ((created, "expired"), (started, "abandoned")):
            verification = self.client.decision(session).json["verification"]
            self.assertEqual(
                (verification["status"], verification["code"], verification["submissionTime"]), (status, 9104, None)
            )
            self.refused(self.client.upload(session), 409, 1304)
            self.refused(self.client.submit(session), 400, 1304)

    def test_settings(self):
        for bad in ({"clock_ms": -1}, {"nothing": 1}, {"unlisted": "0"}, {"advance_ms": 1.5}):
            self.admin("POST", "/settings", bad, 400)
        self.assertEqual(self.admin("POST", "/settings", {"decision_delay_ms": 3600000})["decision_delay_ms"], 3600000)
        self.addCleanup(self.admin, "POST", "/settings", {"decision_delay_ms": 0, "clock_ms": 0})
        session = self.client.create()
        self.client.upload(session)
        self.client.submit(session)
        self.assertIsNone(self.client.decision(session, wait=False).json["verification"])
        self.admin("POST", "/settings", {"advance_ms": 3600000})
        self.assertEqual(self.client.decision(session).json["verification"]["status"], "approved")

    def test_resubmission(self):
        session = self.client.create(cic="204000001")
        first_image = self.client.upload(session).json["image"]
        self.client.submit(session)
        first = self.client.decision(session).json["verification"]
        self.assertEqual((first["status"], first["code"], first["reasonCode"]), ("resubmission_requested", 9103, 204))
        second_image = self.client.upload(session).json["image"]
        self.assertNotEqual(first_image["id"], second_image["id"])
        self.assertIsNone(self.client.decision(session, wait=False).json["verification"])
        listed = self.client.get(f"/v1/sessions/{session}/media", session).json["images"]
        self.assertEqual(listed, [second_image])
        self.client.submit(session)
        second = self.client.decision(session).json["verification"]
        self.assertEqual(second["status"], "approved")
        self.assertNotEqual(first["attemptId"], second["attemptId"])
        attempts = self.client.get(f"/v1/sessions/{session}/attempts", session).json["verifications"]
        self.assertEqual(
            [(a["id"], a["status"]) for a in attempts],
            [(second["attemptId"], "approved"), (first["attemptId"], "resubmission_requested")],
        )
        for attempt, image in ((first["attemptId"], first_image), (second["attemptId"], second_image)):
            self.assertEqual(self.client.get(f"/v1/attempts/{attempt}/media", attempt).json["images"], [image])
        self.assertEqual(self.client.call("DELETE", f"/v1/sessions/{session}", signed=session).status, 200)

    def test_more_scenarios(self):
        more = {s["name"]: s for s in self.admin("GET", "/scenarios?more=1")}
        fixed = {s["name"] for s in self.admin("GET", "/scenarios")}
        wanted = {
            "resubmission_requested": ("resubmission_requested", 9103, 204),
            "review": ("review", 9121, None),
            "expired": ("expired", 9104, None),
            "abandoned": ("abandoned", 9104, None),
            "lost_or_stolen_cascade": ("declined", 9102, 904),
            "too_many_selfies": ("declined", 9102, 539),
            "field_not_returned": ("approved", 9001, None),
            "check_unavailable": ("declined", 9102, 581),
            "suspected_tampering": ("declined", 9102, 102),
            "surprise": ("conditionally_approved", 9999, None),
        }
        self.assertEqual(set(more) - fixed, set(wanted))
        for name, (status, code, reason_code) in wanted.items():
            with self.subTest(name):
                verification = self.client.verify(cic=more[name]["cic"])["verification"]
                self.assertEqual(
                    (verification["status"], verification["code"], verification["reasonCode"]),
                    (status, code, reason_code),
                )
        session = self.client.create(cic=more["review"]["cic"])
        self.client.upload(session)
        self.client.submit(session)
        reply = self.client.call("DELETE", f"/v1/sessions/{session}", signed=session)
        self.assertEqual((reply.status, reply.code, reply.json["status"]), (400, "1305", 400))


if __name__ == "__main__":
    unittest.main()
