"""/sandbox/faults and /sandbox/log, the legacy registries, and names with accents."""

import http.client
import json
import unittest

import harness
from test_registry import Admin


class Faults(Admin):
    def tearDown(self):
        self.client.raw("DELETE", "/sandbox/faults")
        super().tearDown()

    def post(self, rule):
        body = rule if isinstance(rule, bytes) else json.dumps(rule).encode()
        return self.client.raw("POST", "/sandbox/faults", body, [("Content-Type", "application/json")])

    def test_every_fault_that_is_known_can_be_asked_for(self):
        known = self.admin("GET", "/faults")["known"]
        numbers = {int(fault["fault"][1:]) for fault in known}
        # F01-F04 and F52 need no server, F41-F46 are HTTP/2's, F64-F71 are switches of webhooks
        self.assertEqual(numbers, set(range(5, 41)) | set(range(47, 52)) | set(range(53, 64)))
        for fault in known:
            for variant in fault.get("variants") or [None]:
                if "start" in fault:
                    continue
                rule = {"fault": fault["fault"], "times": 0}
                reply = self.post({**rule, "variant": variant} if variant else rule)
                self.assertEqual(
                    (reply.status, reply.json["variant"]), (201, variant or (fault["variants"] or [None])[0])
                )
                self.client.raw("DELETE", f"/sandbox/faults/{reply.json['id']}")
        self.assertEqual(self.admin("GET", "/faults")["active"], [])

    def test_what_is_refused(self):
        for rule in (
            {},
            {"fault": "F01"},
            {"fault": "F41"},
            {"fault": "17"},
            {"fault": "F17", "variant": "x"},
            {"fault": 17},
            {"fault": "F17", "times": -2},
            {"fault": "F17", "times": 1.5},
            {"fault": "F17", "times": "1"},
            {"fault": "F17", "route": "nowhere"},
            {"fault": "F17", "session": "x"},
            {"fault": "F17", "chance": 101},
            {"fault": "F17", "odd": 1},
            {"fault": "F17", "at": -1},
            [],
            [{"fault": "F17"}],
            "F17",
            1,
            None,
            b"",
            b"{",
            b'{"fault":"F17"',
        ):
            with self.subTest(rule=rule):
                self.assertEqual(self.post(rule).status, 400)
        self.assertEqual(self.admin("GET", "/faults")["active"], [])
        self.assertEqual(self.client.raw("DELETE", "/sandbox/faults/99").status, 404)
        self.assertEqual(self.client.raw("DELETE", "/sandbox/faults/x").status, 404)
        for _ in range(64):
            self.assertEqual(self.post({"fault": "F57", "times": 0}).status, 201)
        self.assertEqual(self.post({"fault": "F57", "times": 0}).status, 400)

    def test_for_one_session_after_some_requests_so_many_times(self):
        mine, other = self.client.create(), self.client.create()
        rule = {"fault": "F56", "variant": "502", "session": mine.upper(), "route": "decision", "after": 1, "times": 2}
        self.assertEqual(self.post(rule).status, 201)
        statuses = [
            self.client.get(f"/v1/sessions/{session}/decision", session).status
            for session in (mine, other, mine, other, mine, mine)
        ]
        self.assertEqual(statuses, [200, 200, 502, 200, 502, 200])
        self.assertEqual(self.admin("GET", "/faults")["active"][0]["made"], 2)

    def test_a_fault_of_the_wire_reaches_the_wire(self):
        session = self.client.create()
        self.post({"fault": "F18", "at": 3, "route": "decision"})
        connection = http.client.HTTPConnection("127.0.0.1", self.sandbox.port, timeout=30)
        connection.request(
            "GET",
            f"/v1/sessions/{session}/decision",
            headers={"X-AUTH-CLIENT": self.client.api_key, "X-HMAC-SIGNATURE": self.client.sign(session.encode())},
        )
        with self.assertRaises(http.client.IncompleteRead) as cut:
            connection.getresponse().read()
        self.assertEqual(len(cut.exception.partial), 3)
        connection.close()

    def test_the_log_holds_neither_secrets_nor_images(self):
        self.client.raw("DELETE", "/sandbox/log")
        session = self.client.create()
        self.client.upload(session)
        self.post({"fault": "F05", "route": "submit"})
        with self.assertRaises((http.client.HTTPException, ConnectionError)):
            connection = http.client.HTTPConnection("127.0.0.1", self.sandbox.port, timeout=30)
            self.addCleanup(connection.close)
            connection.request("PATCH", f"/v1/sessions/{session}", b"{}", {"X-AUTH-CLIENT": self.client.api_key})
            connection.getresponse()
        log = self.admin("GET", "/log")
        seen = [(line["route"], line["status"], line["handled"], line["fault"]) for line in log["requests"]]
        self.assertEqual(
            seen, [("create", 201, True, None), ("media", 200, True, None), ("submit", None, False, "F05")]
        )
        self.assertEqual(log["count"], 3)
        text = json.dumps(log)
        self.assertNotIn(self.client.api_key, text)
        self.assertNotIn("base64", text)
        self.assertIn("(an image)", text)
        for line in log["requests"]:
            for name, value in line["headers"]:
                if name.lower() == "x-hmac-signature":
                    self.assertRegex(value, r"^[0-9a-f]{8}\.\.\.$")
        self.assertEqual(self.admin("GET", f"/log?since={log['requests'][-2]['n']}")["requests"], log["requests"][-1:])

    def test_the_log_keeps_the_newest(self):
        self.client.raw("DELETE", "/sandbox/log")
        for _ in range(2100):
            self.client.raw("GET", "/v1/x")
        requests = self.admin("GET", "/log")["requests"]
        self.assertEqual(len(requests), 2000)
        self.assertEqual([line["n"] for line in requests], list(range(requests[0]["n"], requests[0]["n"] + 2000)))

    def test_legacy_registries(self):
        made = json.loads(
            self.client.raw(
                "POST", "/sandbox/integrations", b'{"product":"ine_registry"}', [("Content-Type", "application/json")]
            ).body
        )
        client = self.sandbox.client(api_key=made["api_key"], secret=made["secret"].encode())
        self.addCleanup(client.connection.close)
        decision = client.verify()
        session = decision["verification"]["id"]
        path = f"/v1/sessions/{session}"
        ine = client.get(f"{path}/decision/ine-registry?version=1.0.0", session).json
        self.assertEqual(ine, {"active": True, "documentState": "La credencial esta vigente"})
        curp = client.get(f"{path}/decision/curp-registry?version=1.0.0", session).json
        self.assertEqual(set(curp), {"statusCurp", "curp"})
        self.assertEqual(curp["statusCurp"], "RCN")
        both = client.get(f"{path}/decision/combined-ine-curp-registry?version=v1", session).json
        self.assertEqual(both["ine"]["active"], True)
        self.assertNotIn("ifeIdentifier", both["ine"])
        self.assertEqual(both["curp"]["curp"], curp["curp"])
        for name in ("curp-registry", "combined-ine-curp-registry"):
            self.refused(client.get(f"{path}/decision/{name}", session), 400, 1102)
            self.refused(client.get(f"{path}/decision/{name}?version=9", session), 400, 1104)
        self.refused(client.get(f"{path}/watchlist-screening", session), 404, 1101)
        person = client.get(f"{path}/person", session).json["person"]
        self.assertEqual(person["pepSanctionMatches"], [])

    def test_names_are_the_same_without_accents(self):
        dates = harness.payload("request_create_session")["verification"]["document"]
        years = {"registration_year": int(dates["firstIssue"][:4]), "issue_year": int(dates["validFrom"][:4])}
        self.admin(
            "POST",
            "/people",
            {"cic": "222222222", **years, "first_name": "JOSÉ MARÍA", "last_name": "PEÑA", "second_last_name": "Núñez"},
            201,
        )
        for names, outcome in (
            (("Jose Maria", "pena", "NUNEZ"), "approved"),
            (("jose\u0301 mari\u0301a", "PEN\u0303A", "nu\u0301n\u0303ez"), "approved"),
            (("JOSÉ  MARÍA", "PEÑA", "NÚÑEZ"), "declined"),
            (("JOSÉ MARÍ", "PEÑA", "NÚÑEZ"), "declined"),
        ):
            person = dict(zip(("firstName", "lastName", "secondLastName"), names))
            with self.subTest(names=names):
                decision = self.client.verify(cic="222222222", person=person)
                self.assertEqual(decision["verification"]["status"], outcome)


class Log(unittest.TestCase):
    def test_to_a_file(self):
        path = harness.temp_file(name="log")
        sandbox = harness.Sandbox("--log", path)
        client = sandbox.client()
        client.create()
        client.connection.close()
        self.assertEqual(sandbox.stop(), 0)
        with open(path, encoding="utf-8") as file:
            lines = [json.loads(line) for line in file]
        self.assertEqual([line["route"] for line in lines], ["create"])


if __name__ == "__main__":
    unittest.main()
