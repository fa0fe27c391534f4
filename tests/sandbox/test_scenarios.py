"""The input picks the outcome: each documented decision comes back equal but for ids and times."""

import copy
import re
import unittest

from harness import TIME, UUID, SandboxTest, payload

CORE = ["consent_obtained", "person_registered", "selfie_registry_match", "not_reported_lost_or_stolen"]
OPTIONAL = [
    "first_name_match",
    "father_last_name_match",
    "mother_last_name_match",
    "personal_number_match",
    "registration_year_match",
    "issue_year_match",
]
NAMES = [
    "approved",
    "approved_optional_not_provided",
    "consent_declined",
    "person_not_found",
    "selfie_mismatch",
    "lost_or_stolen",
    "registry_unavailable",
    "technical_issues",
    "malformed_curp",
    "first_name_mismatch",
    "father_last_name_mismatch",
    "mother_last_name_mismatch",
    "personal_number_mismatch",
    "registration_year_mismatch",
    "issue_year_mismatch",
]


def blanked(decision, document_number):
    """Without what can not be equal: ids, times and the CIC that chose the outcome."""
    out = copy.deepcopy(decision)
    verification = out["verification"]
    for name in ("id", "attemptId"):
        verification[name] = "id"
    for name in ("decisionTime", "acceptanceTime", "submissionTime"):
        verification[name] = "time"
    if verification["registryValidations"]["MX_INE"]["timestamp"] is not None:
        verification["registryValidations"]["MX_INE"]["timestamp"] = "time"
    assert verification["document"]["number"] == document_number
    verification["document"]["number"] = "cic"
    return out


def order_of(value):
    """The order of members, at every level."""
    return [(key, order_of(inner)) for key, inner in value.items()] if isinstance(value, dict) else None


class Scenarios(SandboxTest):
    counts = {"scenarios": 0, "samples": 0}

    @classmethod
    def tearDownClass(cls):
        super().tearDownClass()
        print(f"scenario matrix: {cls.counts['scenarios']} scenarios run, {cls.counts['samples']} equal to a sample")

    def setUp(self):
        super().setUp()
        self.listed = {s["name"]: s for s in self.client.raw("GET", "/sandbox/scenarios").json}

    def request(self, scenario):
        names = {
            "curp": "idNumber",
            "first_name": "firstName",
            "last_name": "lastName",
            "second_last_name": "secondLastName",
        }
        person = {api: scenario["person"][own] for own, api in names.items() if scenario["person"][own]}
        body = self.client.request(cic=scenario["cic"], person=person)
        for own, api in {"first_issue": "firstIssue", "valid_from": "validFrom"}.items():
            if scenario["person"][own] is None:
                del body["verification"]["document"][api]
        return body

    def run_scenario(self, name):
        type(self).counts["scenarios"] += 1
        return self.client.verify(self.request(self.listed[name]))

    def test_all_names_are_listed_with_cics_of_their_own(self):
        self.assertEqual(sorted(self.listed), sorted(NAMES))
        cics = [s["cic"] for s in self.listed.values()]
        self.assertEqual(len(set(cics)), len(cics))
        for scenario in self.listed.values():
            self.assertRegex(scenario["cic"], r"^\d{9}$")
            self.assertIn(
                scenario["outcome"], ("VERIFIED", "CONSENT_MISSING", "NOT_VERIFIED", "INPUT_ERROR", "RETRY_LATER")
            )

    def test_each_documented_sample(self):
        samples = {s["name"]: s["sample"] for s in self.listed.values() if s["sample"]}
        self.assertEqual(len(samples), 7)
        for name, sample in samples.items():
            with self.subTest(name):
                made, wanted = self.run_scenario(name), payload("decision_" + sample)
                self.assertEqual(blanked(made, self.listed[name]["cic"]), blanked(wanted, "000000000"))
                self.assertEqual(order_of(made), order_of(wanted))
                type(self).counts["samples"] += 1

    def test_ids_and_times_have_the_documented_form(self):
        for name in NAMES:
            verification = self.run_scenario(name)["verification"]
            self.assertRegex(verification["id"], UUID)
            self.assertRegex(verification["attemptId"], UUID)
            times = [verification[key] for key in ("acceptanceTime", "submissionTime", "decisionTime")]
            for text in times:
                self.assertTrue(re.match(TIME, text), text)
            self.assertEqual(times, sorted(times))

    def check_declined(self, name, code, reason, failed, why):
        verification = self.run_scenario(name)["verification"]
        self.assertEqual(
            (verification["status"], verification["code"], verification["reasonCode"], verification["reason"]),
            ("declined", 9102, code, reason),
        )
        result = verification["registryValidations"]["MX_INE"]
        self.assertEqual((result["status"], result["error"], result["data"]), ("failure", None, None))
        checks = result["validations"]
        self.assertEqual([c for c in checks if checks[c]["result"] == "failure"], [failed])
        self.assertEqual(checks[failed]["reason"], why)
        return checks

    def test_technical_issues(self):
        verification = self.run_scenario("technical_issues")["verification"]
        result = verification["registryValidations"]["MX_INE"]
        self.assertEqual(
            result,
            {
                "status": "error",
                "data": None,
                "validations": None,
                "error": {"code": "registry_error", "message": "TECHNICAL_ISSUES"},
                "timestamp": None,
            },
        )
        self.assertEqual((verification["status"], verification["reasonCode"]), ("declined", 901))

    def test_malformed_curp(self):
        checks = self.check_declined(
            "malformed_curp", 902, "Input not provided", "person_registered", "INPUT_NOT_PROVIDED"
        )
        for name in (CORE + OPTIONAL)[2:]:
            self.assertEqual(checks[name], {"result": "not_applicable", "reason": "INPUT_NOT_PROVIDED"})

    def test_one_optional_check_each(self):
        names = [
            "first_name",
            "father_last_name",
            "mother_last_name",
            "personal_number",
            "registration_year",
            "issue_year",
        ]
        for name, check in zip(names, OPTIONAL):
            with self.subTest(name):
                checks = self.check_declined(name + "_mismatch", 903, "Value mismatch", check, "VALUE_MISMATCH")
                for other in CORE + OPTIONAL:
                    if other != check:
                        self.assertEqual(checks[other], {"result": "success", "reason": None}, other)

    def test_any_other_cic_is_a_person_who_matches(self):
        wanted = payload("decision_approved_all_checks")
        for cic in ("000000000", "123456789", "987654321"):
            with self.subTest(cic):
                self.assertEqual(blanked(self.client.verify(cic=cic), cic), blanked(wanted, "000000000"))

    def test_inputs_that_are_not_sent_are_not_applicable(self):
        body = self.client.request(person={"firstName": "ANA"})
        del body["verification"]["document"]["firstIssue"]
        verification = self.client.verify(body)["verification"]
        checks = verification["registryValidations"]["MX_INE"]["validations"]
        self.assertEqual(verification["status"], "approved")
        self.assertEqual(list(checks), CORE + OPTIONAL)
        sent = {"first_name_match", "issue_year_match", *CORE}
        for name, check in checks.items():
            self.assertEqual(
                check,
                {"result": "success", "reason": None}
                if name in sent
                else {"result": "not_applicable", "reason": "INPUT_NOT_PROVIDED"},
                name,
            )

    def test_a_malformed_curp_or_cic_fails_the_session(self):
        for changes in (
            {"person": {"idNumber": "GARJ00000HMCRLP00"}},
            {"person": {"idNumber": "garcia"}},
            {"person": {"idNumber": "GARJ000000HMCRLP0A"}},
            {"cic": "12345678"},
            {"cic": "1234567890"},
            {"cic": "12345678A"},
        ):
            with self.subTest(changes):
                verification = self.client.verify(**changes)["verification"]
                checks = verification["registryValidations"]["MX_INE"]["validations"]
                self.assertEqual(
                    (verification["status"], checks["person_registered"]),
                    ("declined", {"result": "failure", "reason": "INPUT_NOT_PROVIDED"}),
                )

    def test_a_curp_of_someone_born_since_2000_is_well_formed(self):
        person = {"idNumber": "GARJ010101HMCRLPA0"}
        self.assertEqual(self.client.verify(person=person)["verification"]["status"], "approved")

    def test_consent_missing_or_false_is_declined_with_640(self):
        for consent in (None, False):
            verification = self.client.verify(consent=consent)["verification"]
            self.assertEqual(
                (verification["status"], verification["reasonCode"], verification["reason"]),
                ("declined", 640, "Consent not obtained"),
            )

    def test_the_selfie_decides_too(self):
        jpeg = b"\xff\xd8\xff\xe9\x00\x20ine-sandbox-score=%d\x00\xff\xd9"
        for score, status in ((79, "declined"), (80, "approved"), (0, "declined"), (100, "approved")):
            verification = self.client.verify(image=jpeg % score)["verification"]
            self.assertEqual(verification["status"], status, score)
            self.assertEqual(verification["reasonCode"], 581 if status == "declined" else None)

    def test_too_many_selfies(self):
        session = self.client.create()
        for _ in range(6):
            self.assertEqual(self.client.upload(session).status, 200)
        self.client.submit(session)
        verification = self.client.decision(session).json["verification"]
        self.assertEqual((verification["status"], verification["reasonCode"]), ("declined", 539))


if __name__ == "__main__":
    unittest.main()
