"""Each endpoint: what it answers when all is right, and each documented refusal."""

import base64
import json
import re
import unittest
import uuid

from harness import JPEG, TIME, UUID, Sandbox, SandboxTest, payload

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 8
IMAGES = {
    "image/jpeg": JPEG,
    "image/png": PNG,
    "image/webp": b"RIFF\x10\0\0\0WEBPVP8 ",
    "image/heic": b"\0\0\0\x18ftypheic\0\0\0\0mif1heic",
    "image/heif": b"\0\0\0\x18ftypmif1\0\0\0\0mif1heic",
    "application/pdf": b"%PDF-1.7\n",
}
CONTEXTS = """face face-pre face-nfc face-cropped face-reference registry-face document-front document-front-pre
document-front-qrcode document-front-qrcode-pre document-front-face-cropped document-front-with-signature
document-front-with-signature-pre document-back document-back-pre document-back-barcode document-back-barcode-pre
document-back-qrcode document-back-qrcode-pre document-and-face document-and-face-pre address-front
generic-document-front""".split()


class Create(SandboxTest):
    def test_reply(self):
        for target in ("/v1/sessions", "/v1/sessions/"):
            reply = self.client.call("POST", target, payload("request_create_session"))
            self.assertEqual(reply.status, 201)
            self.assertEqual(reply.header("Content-Type"), "application/json")
            self.assertEqual(reply.header("X-AUTH-CLIENT"), self.client.api_key)
            self.assertEqual(list(reply.json), ["status", "verification"])
            verification = reply.json["verification"]
            self.assertEqual(
                list(verification), ["id", "url", "vendorData", "endUserId", "host", "status", "sessionToken"]
            )
            self.assertRegex(verification["id"], UUID)
            self.assertEqual(verification["host"], self.sandbox.base_url)
            self.assertEqual(verification["url"], f"{self.sandbox.base_url}/v/{verification['sessionToken']}")
            self.assertEqual(len(verification["sessionToken"].split(".")), 3)
            self.assertEqual(
                (verification["status"], verification["vendorData"], verification["endUserId"]),
                ("created", "12345678", "a1b2c35d-e8f7-6d5e-3cd2-a1b2c35db3d4"),
            )

    def test_no_signature_is_needed_but_a_wrong_one_is_refused(self):
        body = payload("request_create_session")
        self.assertEqual(self.client.call("POST", "/v1/sessions", body, signature=None).status, 201)
        self.refused(self.client.call("POST", "/v1/sessions", body, signature="0" * 64), 401, 1819)
        self.refused(self.client.call("POST", "/v1/sessions", body, signature=""), 401, 1812)

    def change(self, path, value):
        body = payload("request_create_session")
        at = body["verification"]
        for key in path.split(".")[:-1]:
            at = at[key]
        if value is KeyError:
            del at[path.split(".")[-1]]
        else:
            at[path.split(".")[-1]] = value
        return body

    def test_refusals(self):
        cases = [
            ("document", KeyError, 1102),
            ("document", None, 1102),
            ("document", [], 1104),
            ("document.number", KeyError, 1102),
            ("document.number", "", 1102),
            ("document.number", None, 1102),
            ("document.number", 123456789, 1104),
            ("document.number", "12345-789", 2102),
            ("document.number", "１２３４５６７８９", 2102),
            ("document.country", KeyError, 1102),
            ("document.country", "US", 2104),
            ("document.country", "mx", 2104),
            ("document.type", KeyError, 1102),
            ("document.type", "PASSPORT", 2103),
            ("document.type", 5, 1104),
            ("document.firstIssue", "2018-02-30", 1203),
            ("document.firstIssue", "15/06/2018", 1203),
            ("document.validFrom", "2020", 1203),
            ("document.validFrom", 2020, 1203),
            ("person", "JUAN", 1104),
            ("person.firstName", ["JUAN"], 1104),
            ("person.idNumber", 1, 1104),
            ("person.dateOfBirth", "1990-13-01", 2003),
            ("person.gender", "X", 1104),
            ("vendorData", "x" * 1001, 1500),
            ("vendorData", 5, 1501),
            ("vendorData", {}, 1501),
            ("endUserId", "user-1", 1104),
            ("endUserId", 5, 1104),
            ("callback", "http://veriff.com", 1302),
            ("callback", "https://", 1302),
            ("callback", 1, 1104),
            ("consents", {}, 1104),
            ("consents", [1], 1104),
            ("consents", [{"type": "ine"}], 1104),
            ("consents", [{"type": "ine", "approved": "true"}], 1104),
            ("consents", [{"approved": True}], 1104),
            ("consents", [{"type": "other", "approved": True}], 1104),
            ("timestamp", "2016-05-19T08:30:25.597Z", 1201),
            ("timestamp", "yesterday", 1202),
            ("timestamp", 5, 1202),
            ("timestamp", "2026-13-19T08:30:25Z", 1202),
        ]
        for path, value, code in cases:
            with self.subTest(path=path, value=value):
                self.refused(self.client.call("POST", "/v1/sessions", self.change(path, value)), 400, code)

    def test_accepted_edges(self):
        cases = [
            ("vendorData", "x" * 1000),
            ("vendorData", "ñ" * 1000),
            ("vendorData", None),
            ("endUserId", None),
            ("endUserId", str(uuid.uuid4()).upper()),
            ("person", None),
            ("person.firstName", None),
            ("person.firstName", "JOSÉ Ñ 𐐷"),
            ("callback", KeyError),
            ("timestamp", "2999-01-01T00:00:00+00:00"),
            ("timestamp", "2999-01-01T00:00:00.123456789Z"),
            ("consents", [{"type": "bipa", "approved": True}, {"type": "ine", "approved": True}]),
        ]
        for path, value in cases:
            with self.subTest(path=path, value=value):
                reply = self.client.call("POST", "/v1/sessions", self.change(path, value))
                self.assertEqual(reply.status, 201, reply.body)
                if path == "vendorData":
                    self.assertEqual(reply.json["verification"]["vendorData"], value)

    def test_bodies_that_are_not_the_documented_form(self):
        cases = [
            b"",
            b"null",
            b"[]",
            b"{}",
            b'{"verification":null}',
            b'{"verification":[]}',
            b'{"verification":"x"}',
            b'{"verification":{}',
            b"{'verification':{}}",
            b"\xef\xbb\xbf{}",
            b'{"verification":{"vendorData":"\xff"}}',
            b'{"verification":{"vendorData":"\\ud800"}}',
            b'{"verification":{"vendorData":"a\\u0000b"}}',
            b'{"verification":{},"verification":{}}',
            b"[" * 100000,
            json.dumps({"a": 1}).encode("utf-16"),
            b'{"verification":{"person":{"firstName":"A","firstName":"B"}}}',
            b'{"a":01}',
            b"\0",
        ]
        for body in cases:
            with self.subTest(body[:60]):
                reply = self.client.call("POST", "/v1/sessions", body)
                self.assertEqual(reply.status, 400, reply.body)
                self.assertIn(reply.code, ("1101", "1102", "1104"))

    def test_content_type(self):
        body = json.dumps(payload("request_create_session")).encode()
        for good in ("application/json", "application/json; charset=utf-8", "Application/JSON"):
            self.assertEqual(self.client.call("POST", "/v1/sessions", body, content_type=good).status, 201)
        for bad in (None, "text/plain", "application/x-www-form-urlencoded", "application/jsonp", ""):
            self.refused(self.client.call("POST", "/v1/sessions", body, content_type=bad), 400, 1101)
        reply = self.client.call("POST", "/v1/sessions", body, headers=[("Content-Encoding", "gzip")])
        self.refused(reply, 400, 1101)

    def test_unknown_members_are_ignored(self):
        body = payload("request_create_session")
        body["verification"]["features"] = ["selfid"]
        body["verification"]["person"]["extra"] = {"deep": [1, 2, {}]}
        body["other"] = None
        self.assertEqual(self.client.call("POST", "/v1/sessions", body).status, 201)


class Auth(SandboxTest):
    def test_api_key(self):
        session = self.client.create()
        target, signature = f"/v1/sessions/{session}/decision", self.client.sign(session.encode())
        cases = [
            ([], 1801),
            ([""], 1801),
            (["not-a-uuid"], 1802),
            ([self.client.api_key + "0"], 1802),
            ([str(uuid.uuid4())], 1803),
            (["5a4db0c5-0000-4000-8000-000000000000"], 1803),
            ([self.client.api_key, self.client.api_key], 1815),
        ]
        for keys, code in cases:
            with self.subTest(keys):
                reply = self.client.raw(
                    "GET", target, None, [("X-AUTH-CLIENT", key) for key in keys] + [("X-HMAC-SIGNATURE", signature)]
                )
                self.refused(self.client.check(reply), 401, code)
        ok = self.client.raw(
            "GET",
            target,
            None,
            [("x-auth-client", self.client.api_key.upper()), ("x-hmac-signature", signature.upper())],
        )
        self.assertEqual(ok.status, 200)

    def test_the_vendor_s_own_words_for_a_missing_key(self):
        reply = self.client.raw("GET", f"/v1/sessions/{uuid.uuid4()}/decision")
        self.assertEqual(reply.json["message"], payload("error_401")["message"])
        self.assertEqual(set(reply.json), set(payload("error_401")))

    def test_signature(self):
        session = self.client.create()
        get = f"/v1/sessions/{session}/decision"
        good = self.client.sign(session.encode())
        wrong = [None, "", good[:-1], good + "0", "g" * 64, " ".join(good)]
        for signature in wrong:
            self.refused(self.client.call("GET", get, signature=signature), 401, 1812)
        other = self.sandbox.client(secret=b"another secret")
        others = [
            "0" * 64,
            self.client.sign(b""),
            self.client.sign((session + "\n").encode()),
            self.client.sign(get.encode()),
            self.client.sign(session.upper().encode()),
            other.sign(session.encode()),
        ]
        for signature in others:
            self.refused(self.client.call("GET", get, signature=signature), 401, 1818)
        body = json.dumps(payload("request_submit")).encode()
        for signature in ("f" * 64, good, self.client.sign(body + b"\n"), other.sign(body)):
            self.refused(self.client.call("PATCH", f"/v1/sessions/{session}", body, signature=signature), 401, 1819)
        reply = self.client.call("GET", get, signature=good, headers=[("X-HMAC-SIGNATURE", good)])
        self.refused(reply, 401, 1815)

    def test_every_call_but_create_needs_a_signature(self):
        session = self.client.create()
        calls = [
            ("GET", ""),
            ("GET", "/decision"),
            ("GET", "/decision/ine-registry?version=1.0.0"),
            ("GET", "/media"),
            ("GET", "/attempts"),
            ("GET", "/person"),
            ("DELETE", ""),
            ("PATCH", ""),
            ("POST", "/media"),
            ("POST", "/collected-data"),
        ]
        for method, tail in calls[1:]:
            with self.subTest(method + tail):
                body = b"{}" if method in ("POST", "PATCH") else None
                reply = self.client.call(method, f"/v1/sessions/{session}{tail}", body, signature=None)
                self.refused(reply, 401, 1812)
        for target in (f"/v1/media/{session}", f"/v1/attempts/{session}/media"):
            self.refused(self.client.call("GET", target, signature=None), 401, 1812)

    def test_the_legacy_signature_is_not_accepted(self):
        session = self.client.create()
        headers = [("X-SIGNATURE", "0" * 64)]
        get = self.client.call("GET", f"/v1/sessions/{session}/decision", signature=None, headers=headers)
        self.refused(get, 401, 1813)
        patch = self.client.call("PATCH", f"/v1/sessions/{session}", b"{}", signature=None, headers=headers)
        self.refused(patch, 401, 1814)

    def test_the_query_is_not_signed(self):
        session = self.client.create()
        self.assertEqual(self.client.get(f"/v1/sessions/{session}/decision?version=1.0.0", session).status, 200)

    def test_unknown_ids_and_paths(self):
        unknown = str(uuid.uuid4())
        for target in (f"/v1/sessions/{unknown}/decision", f"/v1/media/{unknown}", f"/v1/attempts/{unknown}/media"):
            reply = self.client.get(target, unknown)
            self.assertEqual(reply.status, 404)
            self.assertEqual(reply.json, payload("error_404"))
        for bad in ("x", unknown[:-1], unknown + "0", "..", "%2e%2e", unknown.replace("-", "_")):
            self.refused(self.client.get(f"/v1/sessions/{bad}/decision", bad), 400, 1002)
        for target in (
            "/v1",
            "/v1/",
            "/v2/sessions",
            "/v1/sessions",
            "/v1/sessions//decision",
            f"/v1/sessions/{unknown}/nothing",
            f"/v1//sessions/{unknown}/decision",
        ):
            self.assertEqual(self.client.get(target, unknown).status, 404, target)

    def test_an_id_is_found_in_any_case(self):
        session = self.client.create()
        self.assertEqual(self.client.get(f"/v1/sessions/{session.upper()}/decision", session.upper()).status, 200)


class Media(SandboxTest):
    def test_reply(self):
        session = self.client.create()
        reply = self.client.upload(session)
        self.assertEqual(reply.status, 200)
        image = reply.json["image"]
        self.assertEqual(list(reply.json), ["status", "image"])
        self.assertEqual(list(image), ["id", "name", "context", "timestamp", "size", "mimetype", "url", "sessionId"])
        self.assertRegex(image["id"], UUID)
        self.assertEqual(
            (
                image["name"],
                image["context"],
                image["timestamp"],
                image["size"],
                image["mimetype"],
                image["url"],
                image["sessionId"],
            ),
            ("face", "face", None, len(JPEG), "image/jpeg", f"{self.sandbox.base_url}/v1/media/{image['id']}", session),
        )

    def test_list_and_download(self):
        session = self.client.create()
        self.assertEqual(
            self.client.get(f"/v1/sessions/{session}/media", session).json,
            {"status": "success", "images": [], "videos": []},
        )
        sent = [
            self.client.upload(session, image, context).json["image"]
            for image, context in ((JPEG, "face"), (PNG, "document-front"))
        ]
        self.assertEqual(self.client.get(f"/v1/sessions/{session}/media", session).json["images"], sent)
        for image, bytes_ in zip(sent, (JPEG, PNG)):
            reply = self.client.get(f"/v1/media/{image['id']}", image["id"])
            self.assertEqual((reply.status, reply.body, reply.header("Content-Type")), (200, bytes_, image["mimetype"]))
        # signed with the id in the path, and with no other
        self.refused(self.client.get(f"/v1/media/{sent[0]['id']}", session), 401, 1818)
        attempt = self.client.get(f"/v1/sessions/{session}/attempts", session).json["verifications"][0]["id"]
        self.assertEqual(self.client.get(f"/v1/attempts/{attempt}/media", attempt).json["images"], sent)
        self.refused(self.client.get(f"/v1/attempts/{attempt}/media", session), 401, 1818)

    def test_every_format_and_context(self):
        session = self.client.create()
        for mime, image in IMAGES.items():
            self.assertEqual(self.client.upload(session, image, "document-back").json["image"]["mimetype"], mime)
        for context in CONTEXTS:
            self.assertEqual(self.client.upload(session, context=context).status, 200, context)
        for context in ("selfie", "Face", "", "document"):
            self.refused(self.client.upload(session, context=context), 400, 1402)
        for image in (b"GIF89a" + b"\0" * 20, b"BM" + b"\0" * 20, b"<html>", b"\0"):
            self.refused(self.client.upload(session, image), 400, 1104)

    def test_content(self):
        session = self.client.create()
        text = base64.b64encode(JPEG).decode()
        send = lambda image: self.client.call("POST", f"/v1/sessions/{session}/media", {"image": image})
        for good in (text, "data:image/jpeg;base64," + text, "data:image/png;charset=x;base64," + text):
            self.assertEqual(send({"context": "face", "content": good}).status, 200, good)
        escaped = (
            b'{"image":{"context":"face","content":"data:image\\/jpeg;base64,'
            + text.replace("/", "\\/").encode()
            + b'"}}'
        )
        self.assertEqual(self.client.call("POST", f"/v1/sessions/{session}/media", escaped).status, 200)
        for bad in (
            text[:-1],
            text + "=",
            text.replace("/", "_"),
            "data:image/jpeg," + text,
            "data:;base64," + text,
            "data:image/jpeg;base64",
            text + "\n",
            " " + text,
            "!" + text[1:],
        ):
            self.refused(send({"context": "face", "content": bad}), 400, 1401)
        for empty in ("", "data:image/jpeg;base64,"):
            self.refused(send({"context": "face", "content": empty}), 400, 1400)

    def test_form(self):
        session = self.client.create()
        text = base64.b64encode(JPEG).decode()
        send = lambda body: self.client.call("POST", f"/v1/sessions/{session}/media", body)
        for body, code in (
            ({}, 1400),
            ({"image": None}, 1400),
            ({"image": text}, 1400),
            ({"image": {}}, 1403),
            ({"image": {"context": "face"}}, 1403),
            ({"image": {"content": text}}, 1403),
            ({"image": {"context": 5, "content": text}}, 1403),
            ([], 1400),
            ({"image": {"context": "face", "content": text, "timestamp": "now"}}, 1202),
            ({"image": {"context": "face", "content": text, "timestamp": 5}}, 1202),
        ):
            with self.subTest(body):
                self.refused(send(body), 400, code)
        self.refused(send(b'{"image":{"context":"face","context":"face","content":""}}'), 400, 1101)

    def test_size(self):
        session = self.client.create()
        limit = 24_000_000 // 4 * 3
        self.assertEqual(self.client.upload(session, JPEG + b"\0" * (limit - len(JPEG) - 3)).status, 200)
        self.refused(self.client.upload(session, JPEG + b"\0" * (limit - len(JPEG))), 413, 1104)
        self.assertEqual(self.client.get(f"/v1/sessions/{session}/media", session).json["images"][0]["size"], limit - 3)

    def test_after_submission(self):
        session = self.client.create()
        self.client.upload(session)
        self.client.submit(session)
        self.refused(self.client.upload(session), 409, 1304)
        self.assertEqual(len(self.client.get(f"/v1/sessions/{session}/media", session).json["images"]), 1)


class Submit(SandboxTest):
    options = ("--seed", "8", "--decision-delay-ms", "100")

    def test_reply(self):
        session = self.client.create()
        self.client.upload(session)
        reply = self.client.submit(session)
        self.assertEqual(reply.status, 200)
        verification = reply.json["verification"]
        self.assertEqual(list(verification), ["id", "url", "vendorData", "host", "status", "sessionToken"])
        self.assertEqual((verification["id"], verification["status"]), (session, "submitted"))

    def test_refusals(self):
        session = self.client.create()
        send = lambda body: self.client.call("PATCH", f"/v1/sessions/{session}", body)
        self.refused(self.client.submit(session), 400, 1102)
        self.client.upload(session, context="document-front")
        self.refused(self.client.submit(session), 400, 1102)
        self.client.upload(session)
        for body, code in (
            ({}, 1102),
            ({"verification": {}}, 1102),
            ({"verification": {"status": "approved"}}, 1303),
            ({"verification": {"status": "SUBMITTED"}}, 1303),
            ({"verification": {"status": 1}}, 1303),
            ({"verification": {"status": None}}, 1303),
            (b"{", 1101),
            ([], 1102),
        ):
            with self.subTest(body):
                self.refused(send(body), 400, code)
        self.assertEqual(self.client.submit(session).status, 200)
        self.refused(self.client.submit(session), 400, 1304)
        self.client.decision(session)
        self.refused(self.client.submit(session), 400, 1304)

    def test_no_decision_before_its_time(self):
        session = self.client.create()
        undecided = {"status": "success", "verification": None}
        self.assertEqual(self.client.decision(session, wait=False).json, undecided)
        self.client.upload(session)
        self.assertEqual(self.client.decision(session, wait=False).json, undecided)
        self.client.submit(session)
        self.assertEqual(self.client.decision(session, wait=False).json, undecided)
        self.assertEqual(self.client.decision(session).json["verification"]["status"], "approved")

    def test_delete(self):
        session = self.client.create()
        self.client.upload(session)
        self.client.submit(session)
        # in progress: 1306, with a number for a status
        reply = self.client.call("DELETE", f"/v1/sessions/{session}", signed=session)
        self.assertEqual((reply.status, reply.json["status"], reply.code), (400, 400, "1306"))
        self.client.decision(session)
        reply = self.client.call("DELETE", f"/v1/sessions/{session}", signed=session)
        self.assertEqual((reply.status, reply.json), (200, {"status": "success", "verification": {"id": session}}))
        self.assertEqual(self.client.get(f"/v1/sessions/{session}/decision", session).status, 404)
        self.assertEqual(self.client.call("DELETE", f"/v1/sessions/{session}", signed=session).status, 404)
        for _ in range(4):
            other = self.client.create()
            self.assertEqual(self.client.call("DELETE", f"/v1/sessions/{other}", signed=other).status, 200)
        other = self.client.create()
        self.refused(self.client.call("DELETE", f"/v1/sessions/{other}", signed=other), 429, 1101)
        self.assertEqual(self.client.get(f"/v1/sessions/{other}/decision", other).status, 200)

    def test_delete_takes_the_media_with_it(self):
        other = Sandbox()
        self.addCleanup(other.stop)
        client = other.client()
        session = client.create()
        media = client.upload(session).json["image"]["id"]
        attempt = client.get(f"/v1/sessions/{session}/attempts", session).json["verifications"][0]["id"]
        self.assertEqual(client.call("DELETE", f"/v1/sessions/{session}", signed=session).status, 200)
        for target, signed in ((f"/v1/media/{media}", media), (f"/v1/attempts/{attempt}/media", attempt)):
            self.assertEqual(client.get(target, signed).status, 404)
        client.connection.close()


class Reads(SandboxTest):
    def test_attempts(self):
        session = self.client.create()
        read = lambda: self.client.get(f"/v1/sessions/{session}/attempts", session).json
        states = [read()["verifications"][0]["status"]]
        self.client.upload(session)
        states.append(read()["verifications"][0]["status"])
        self.client.submit(session)
        decided = self.client.decision(session).json["verification"]
        attempts = read()
        states.append(attempts["verifications"][0]["status"])
        self.assertEqual(states, ["created", "started", "approved"])
        self.assertEqual(attempts["status"], "success")
        self.assertEqual(len(attempts["verifications"]), 1)
        attempt = attempts["verifications"][0]
        self.assertEqual(set(attempt), {"id", "status", "createdTime", "userDefinedData"})
        self.assertEqual((attempt["id"], attempt["userDefinedData"]), (decided["attemptId"], []))
        self.assertTrue(re.match(TIME, attempt["createdTime"]))

    def test_person(self):
        session = self.client.create()
        reply = self.client.get(f"/v1/sessions/{session}/person", session)
        self.assertEqual(
            reply.json,
            {
                "status": "success",
                "person": {
                    "firstName": "JUAN",
                    "lastName": "GARCIA",
                    "dateOfBirth": None,
                    "nationality": None,
                    "idNumber": "GARJ000000HMCRLP00",
                    "pepSanctionMatches": [],
                },
            },
        )

    def test_ine_registry(self):
        session = self.client.create()
        target = f"/v1/sessions/{session}/decision/ine-registry"
        self.assertEqual(self.client.get(target + "?version=1.0.0", session).status, 404)
        self.client.upload(session)
        self.client.submit(session)
        for version in ("1.0.0", "v1", "1"):
            reply = self.client.get(f"{target}?version={version}", session)
            self.assertEqual((reply.status, reply.json), (200, payload("ine_registry_active")))
        for query in ("", "?", "?version", "?Version=1.0.0", "?a=b", "?version=1&version=1"):
            self.refused(self.client.get(target + query, session), 400, 1102)
        for query in ("?version=", "?version=2", "?version=1.0.0%20"):
            self.refused(self.client.get(target + query, session), 400, 1104)

    def test_ine_registry_not_found(self):
        session = self.client.create(cic="902000001")
        self.client.upload(session)
        self.client.submit(session)
        reply = self.client.get(f"/v1/sessions/{session}/decision/ine-registry?version=1.0.0", session)
        self.assertEqual(reply.json, payload("ine_registry_not_found"))

    def test_collected_data(self):
        session = self.client.create()
        attempt = self.client.get(f"/v1/sessions/{session}/attempts", session).json["verifications"][0]["id"]
        good = {"providerName": "prints", "network": {"ip": {"addressV4": "192.0.2.1"}}, "device": {"fingerprint": "f"}}
        send = lambda body: self.client.call("POST", f"/v1/sessions/{session}/collected-data", body)
        self.assertEqual(send(good).json, {"status": "success", "sessionId": session, "attemptId": attempt})
        self.assertEqual(send({**good, "network": {"ip": {"addressV6": "2001:db8::1"}}}).status, 200)
        for key in good:
            self.refused(send({k: v for k, v in good.items() if k != key}), 400, 1102)
        for change in (
            {"providerName": "x" * 256},
            {"providerName": 5},
            {"device": {"fingerprint": "x" * 256}},
            {"device": {"fingerprint": ""}},
        ):
            self.refused(send({**good, **change}), 400, 1104)
        self.client.upload(session)
        self.client.submit(session)
        self.refused(send(good), 409, 1304)


if __name__ == "__main__":
    unittest.main()
