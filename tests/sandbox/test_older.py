"""The older products: the biometric object and the legacy registry."""

import unittest

from harness import JPEG, Sandbox, payload, temp_file


class OlderProducts(unittest.TestCase):
    def sandbox(self, product):
        secret = temp_file('contraseña de prueba "x"\n'.encode())
        sandbox = Sandbox(
            "--product",
            product,
            "--decision-delay-ms",
            "0",
            "--api-key",
            "5A4DB0C5-0000-4000-8000-00000000000A",
            "--secret-file",
            secret,
        )
        self.addCleanup(sandbox.stop)
        client = sandbox.client()
        self.addCleanup(client.connection.close)
        return client

    def test_biometric(self):
        client = self.sandbox("ine_biometric")
        reply = client.call("POST", "/v1/sessions", {"verification": {}})
        self.assertEqual((reply.status, reply.code), (400, "1102"))
        reply = client.call(
            "POST", "/v1/sessions", {"verification": {"consents": [{"type": "ine", "approved": False}]}}
        )
        self.assertEqual((reply.status, reply.code), (400, "1104"))
        consent = {"verification": {"consents": [{"type": "ine", "approved": True}]}}
        wanted = payload("decision_legacy_biometric_excerpt")["verification"]["additionalVerifiedData"]
        results = {}
        for score in (89, 85, 84):
            image = JPEG + b"ine-sandbox-score=%d" % score
            verification = client.verify(consent, image=image)["verification"]
            results[score] = verification["additionalVerifiedData"]["ineBiometricRegistryValidation"]
            self.assertEqual(verification["status"], "approved" if score >= 85 else "declined")
            self.assertEqual(verification["registryValidations"], {})
        self.assertEqual(results[89], wanted["ineBiometricRegistryValidation"])
        self.assertEqual((results[85]["faceMatch"], results[84]["faceMatch"]), (True, False))
        verification = client.verify(cic="901000001")["verification"]
        self.assertEqual(
            verification["additionalVerifiedData"]["ineBiometricRegistryValidation"],
            {"faceMatch": None, "faceMatchPercentage": None, "responseStatus": None},
        )

    def test_legacy_registry(self):
        client = self.sandbox("ine_registry")
        for cic, active in (("123456789", True), ("904000001", False), ("902000001", False)):
            session = client.create(cic=cic, consent=None)
            self.assertEqual(client.submit(session).status, 200)
            reply = client.get(f"/v1/sessions/{session}/decision/ine-registry?version=1.0.0", session)
            self.assertEqual((reply.status, reply.json["active"]), (200, active))


if __name__ == "__main__":
    unittest.main()
