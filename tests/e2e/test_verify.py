#!/usr/bin/env python3
"""`ine verify` against the sandbox: every scenario, every way to give the settings, status and resume."""

from __future__ import annotations

import base64
import json
import re
import urllib.request

from tool import LATER, NO, OK, PERSON, REFUSED, Case, jpeg, main, png, run, sandbox

UUID = re.compile(r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")
FIXED = (
    "approved", "approved_optional_not_provided", "consent_declined", "person_not_found", "selfie_mismatch",
    "lost_or_stolen", "registry_unavailable", "technical_issues", "malformed_curp", "first_name_mismatch",
    "father_last_name_mismatch", "mother_last_name_mismatch", "personal_number_mismatch",
    "registration_year_mismatch", "issue_year_mismatch",
)  # fmt: skip
EXITS = {"VERIFIED": OK, "RETRY_LATER": LATER}


class Embedded(Case):
    def test_every_scenario(self) -> None:
        with sandbox() as server, urllib.request.urlopen(server.ready["base_url"] + "/sandbox/scenarios") as reply:
            scenarios = {scenario["name"]: scenario for scenario in json.load(reply)}
        self.assertEqual([name for name in FIXED if name not in scenarios], [])
        for name in FIXED:
            scenario = scenarios[name]
            with self.subTest(name):
                result = run("verify", "--sandbox", "--scenario", name, "--json")
                verdict = result.json
                self.assertEqual(result.code, EXITS.get(scenario["outcome"], NO), result)
                self.assertEqual(
                    [verdict[key] for key in ("outcome", "root_cause", "advice")],
                    [scenario["outcome"], scenario.get("root_cause"), scenario["advice"]],
                )
                if name == "approved":
                    self.assertEqual(verdict["unchecked"], [])
                self.assertRegex(verdict["session"]["id"], UUID)
                self.assertIn(verdict["session"]["id"], result.err)

    def test_approved_is_the_default_and_is_drawn(self) -> None:
        result = run("verify", "--sandbox")
        self.assertEqual(result.code, OK)
        self.assertIn("✓ VERIFIED", result.out)
        self.assertIn("made-up data: approved", result.err)
        result = run("verify", "--sandbox", "--lang", "es", "--scenario", "lost_or_stolen")
        self.assertEqual(result.code, NO)
        self.assertIn("NO VERIFICADA", result.out)

    def test_selfie_and_require_of_the_caller(self) -> None:
        selfie = self.file("face.png", png())
        result = run("verify", "--sandbox", "--selfie", selfie, "--require", "all", "--json")
        self.assertEqual((result.code, result.json["verified"]), (OK, True))
        words = ("verify", "--sandbox", "--scenario", "approved_optional_not_provided", "--json")
        self.assertEqual(run(*words, "--require", "all").code, NO)

    def test_the_environment_of_production_is_not_used(self) -> None:
        env = {"INE_API_KEY": "x", "INE_SECRET": "x", "INE_BASE_URL": "https://x.invalid", "INE_PROXY": "http://x:1"}
        self.assertEqual(run("verify", "--sandbox", env=env).code, OK)

    def test_refused(self) -> None:
        result = run("verify", "--sandbox", "--scenario", "nonsense", "--json")
        self.assertIn("selfie_mismatch", self.error(result, REFUSED)["hint"])
        for words in (("--api-key", "x"), ("--base-url", "https://x.invalid"), ("--secret-file", self.selfie)):
            self.assertEqual(run("verify", "--sandbox", *words).code, REFUSED)
        self.assertEqual(run("verify", "--sandbox", "--cic", "1").code, REFUSED)


class Standing(Case):
    """Against a sandbox that stands by itself."""

    def test_settings_result_and_by_option(self) -> None:
        with sandbox() as server:
            words = ("verify", *PERSON, "--selfie", self.selfie, "--json")
            result = run(*words, env=server.env)
            said = (result.code, result.json["root_cause"])
            self.assertEqual(said, (NO, "not_reported_lost_or_stolen"))
            options = ("--base-url", server.ready["base_url"] + "/", "--api-key", server.ready["api_key"])
            secret = self.file("secret", server.ready["secret"])
            self.assertEqual(run(*words, *options, "--secret-file", secret).code, NO)
            given = server.ready["secret"].encode()
            self.assertEqual(run(*words, *options, "--secret-file", "-", given=given).code, NO)
            with_selfie = ("verify", *PERSON, "--selfie", "-", "--json")
            self.assertEqual(run(*with_selfie, given=jpeg(), env=server.env).code, NO)

    def test_vendor_data_is_made_up_and_said(self) -> None:
        with sandbox() as server:
            words = ("--cic", "900100001", "--consent", "--selfie", self.selfie)
            result = run("verify", *words, env=server.env)
            self.assertEqual(result.code, OK)
            self.assertRegex(result.err, r"vendorData of this verification: ine-cli-[0-9a-f]{24}\n")

    def test_status_and_resume(self) -> None:
        with sandbox() as server:
            done = run("verify", *PERSON, "--selfie", self.selfie, "--json", env=server.env)
            session = done.json["session"]["id"]
            for command in ("status", "resume"):
                result = run(command, session, "--json", env=server.env)
                self.assertEqual((result.code, result.json["outcome"]), (NO, "NOT_VERIFIED"))
                self.assertEqual(result.json["root_cause"], "not_reported_lost_or_stolen")
                self.assertIn("NOT VERIFIED", run(command, session, env=server.env).out)

    def test_resume_says_when_it_needs_the_selfie(self) -> None:
        with sandbox() as server:
            session = server.session("900100001")
            error = self.error(run("resume", session, "--json", env=server.env), REFUSED, session=session)
            self.assertEqual((error["code"], error["field"]), ("STATE", "image.content"))
            missing = run("resume", session, "--selfie", str(self.folder / "none"), "--json", env=server.env)
            self.error(missing, REFUSED, field="image.content")
            result = run("resume", session, "--selfie", self.selfie, "--json", env=server.env)
            self.assertEqual((result.code, result.json["outcome"]), (OK, "VERIFIED"))
            self.assertEqual(result.json["session"]["id"], session)

    def test_resume_of_what_is_uploaded_needs_no_selfie(self) -> None:
        with sandbox() as server:
            session = server.session("581000001")
            content = "data:image/jpeg;base64," + base64.b64encode(jpeg()).decode()
            server.api("POST", f"/v1/sessions/{session}/media", {"image": {"context": "face", "content": content}})
            result = run("resume", session, "--json", env=server.env)
            self.assertEqual((result.code, result.json["root_cause"]), (NO, "selfie_registry_match"))

    def test_the_time_is_up_while_the_decision_is_awaited(self) -> None:
        with sandbox("--decision-delay-ms", "600000") as server:
            words = ("verify", *PERSON, "--selfie", self.selfie, "--json", "--timeout", "1.5")
            error = self.error(run(*words, env=server.env), LATER, code="DEADLINE", step="wait")
            self.assertRegex(error["session"], UUID)
            result = run("status", error["session"], "--json", env=server.env)
            self.assertEqual((result.code, result.json["outcome"]), (LATER, "PENDING"))
            words = ("resume", error["session"], "--json", "--timeout", "1")
            self.error(run(*words, env=server.env), LATER, code="DEADLINE", session=error["session"])


if __name__ == "__main__":
    main()
