#!/usr/bin/env python3
"""`ine sign`: what it prints is what the API accepts; drives a whole verification of the sandbox by hand."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import urllib.error
import urllib.request
from typing import Any

from tool import KEY, OK, REFUSED, SECRET, Case, Result, jpeg, main, run, sandbox

ID = "12df6045-3846-3e45-946a-14fa6136d78b"
ENV = {"INE_API_KEY": KEY, "INE_SECRET": SECRET}


def digest(data: bytes, secret: bytes = SECRET.encode()) -> str:
    return hmac.new(secret, data, hashlib.sha256).hexdigest()


class Sign(Case):
    def test_bodies_and_ids(self) -> None:
        body = b'{"verification" : {"status":"submitted"}}\n'
        for call in ("create_session", "upload_media", "submit", "collected_data"):
            result = run("sign", call, "--body", self.file("body", body), env=ENV)
            self.assertEqual(result, Result(OK, f"X-HMAC-SIGNATURE: {digest(body)}\n", ""))
        for call in ("decision", "media_list", "attempts", "person", "delete_session"):
            result = run("sign", call, "--id", ID, "--json", env=ENV)
            self.assertEqual(result.json["value"], digest(ID.encode()))
            self.assertEqual((result.json["call"], result.json["signed"]), (call, "id"))

    def test_the_vendors_example(self) -> None:
        # the published key and body of the vendor's page on HMAC signatures [V-hmac]
        secret = "abcdef12-abcd-abcd-abcd-abcdef012345"
        result = run("sign", "raw_get", "--id", ID, env=ENV | {"INE_SECRET": secret})
        self.assertIn(digest(ID.encode(), secret.encode()), result.out)

    def test_secrets_from_everywhere(self) -> None:
        for secret in (b" spaces ", b"tab\t", "ñandú".encode(), b"x" * 1024):
            given = ("sign", "decision", "--id", ID, "--secret-file")
            expected = digest(ID.encode(), secret)
            self.assertIn(expected, run(*given, self.file("secret", secret), env={"INE_API_KEY": KEY}).out)
            self.assertIn(expected, run(*given, "-", given=secret, env={"INE_API_KEY": KEY}).out)
            env = {"INE_API_KEY": KEY, "INE_SECRET": secret.decode()}
            self.assertIn(expected, run("sign", "decision", "--id", ID, env=env).out)
        # a file wins over the environment
        result = run("sign", "decision", "--id", ID, "--secret-file", self.file("secret", b"other"), env=ENV)
        self.assertIn(digest(ID.encode(), b"other"), result.out)

    def test_refused(self) -> None:
        body = self.file("body", b"[]")
        for words in (
            ("decision",),
            ("decision", "--id", ID, "--body", body),
            ("decision", "--id", ID + "\n"),
            ("decision", "--id", "../" + ID),
            ("submit", "--body", body),
            ("submit", "--body", self.file("cut", b'{"a":')),
            ("submit", "--body", str(self.folder / "none")),
            ("nonsense", "--id", ID),
        ):
            with self.subTest(words):
                self.error(run("sign", *words, "--json", env=ENV), REFUSED)
                self.assertEqual(run("sign", *words, env=ENV).out, "")


class ByHand(Case):
    """No library but the signature: the sandbox accepts what `ine sign` prints, and ends in a 409."""

    def call(self, method: str, path: str, name: str, body: Any = None) -> tuple[int, Any]:
        data = None if body is None else json.dumps(body).encode()
        signed = ("--body", self.file("body", data)) if data is not None else ("--id", path.split("/")[3])
        line = run("sign", name, *signed, env=self.server.env).out
        header, _, value = line.strip().partition(": ")
        headers = {header: value, "X-AUTH-CLIENT": self.server.ready["api_key"], "Content-Type": "application/json"}
        request = urllib.request.Request(self.server.ready["base_url"] + path, data, headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as refused:
            with refused:
                return refused.code, json.load(refused)

    def test_a_verification(self) -> None:
        with sandbox("--decision-delay-ms", "0") as self.server:
            consents = [{"type": "ine", "approved": True}]
            document = {"number": "581000001", "country": "MX", "type": "ID_CARD"}
            asked = {"verification": {"vendorData": "case-1", "document": document, "consents": consents}}
            status, created = self.call("POST", "/v1/sessions", "create_session", asked)
            self.assertEqual(status, 201)
            path = f"/v1/sessions/{created['verification']['id']}"
            content = "data:image/jpeg;base64," + base64.b64encode(jpeg()).decode()
            image = {"image": {"context": "face", "content": content}}
            submit = {"verification": {"status": "submitted"}}
            self.assertEqual(self.call("POST", f"{path}/media", "upload_media", image)[0], 200)
            self.assertEqual(self.call("PATCH", path, "submit", submit)[0], 200)
            status, decision = self.call("GET", f"{path}/decision", "decision")
            self.assertEqual((status, decision["verification"]["status"]), (200, "declined"))
            status, refused = self.call("POST", f"{path}/media", "upload_media", image)
            self.assertIn(status, (400, 409))
            self.assertEqual(refused["status"], "fail")
            self.assertIn(self.call("PATCH", path, "submit", submit)[0], (400, 409))


if __name__ == "__main__":
    main()
