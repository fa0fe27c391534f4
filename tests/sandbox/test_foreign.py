"""examples/foreign: clients that use nothing of this project verify people against the sandbox."""

import os
import shutil
import subprocess
import unittest

import harness

FOLDER = harness.ROOT / "examples" / "foreign"


class Foreign(harness.SandboxTest):
    def run_client(self, command, *arguments, secret=None):
        environment = {
            **os.environ,
            "INE_BASE_URL": self.sandbox.base_url,
            "INE_API_KEY": self.sandbox.api_key,
            "INE_SECRET": secret or self.sandbox.secret.decode(),
        }
        done = subprocess.run(
            [*command, *arguments], env=environment, capture_output=True, text=True, timeout=120, check=False
        )
        return done.returncode, done.stdout.split(), done.stderr

    def verifies(self, command, *more):
        selfie = harness.temp_file(harness.JPEG, "selfie.jpg")
        for cic, code, outcome in (
            ("900100001", 0, ["approved", "None"]),
            ("581000001", 1, ["declined", "581"]),
            ("904000001", 1, ["declined", "904"]),
        ):
            got, words, err = self.run_client(command, cic, selfie, *more)
            self.assertEqual((got, [word.replace("null", "None") for word in words[1:]]), (code, outcome), err)
            self.assertRegex(words[0], harness.UUID)
        got, words, err = self.run_client(command, "900100001", selfie, *more, secret="not the secret")
        self.assertEqual((got, words), (2, []), err)

    def test_curl_and_openssl(self):
        if not (shutil.which("curl") and shutil.which("openssl")):
            self.skipTest("no curl or no openssl command")
        self.verifies(["bash", str(FOLDER / "verify.sh")])

    def test_curl_and_openssl_webhook(self):
        if not shutil.which("openssl"):
            self.skipTest("no openssl command")
        body = b'{"verification":{"id":"x"}}'
        path = harness.temp_file(body, "body.json")
        command = ["bash", str(FOLDER / "verify.sh")]
        signature = self.client.sign(body)
        self.assertEqual(self.run_client(command, "webhook", path, signature)[:2], (0, ["genuine"]))
        self.assertEqual(self.run_client(command, "webhook", path, signature.upper())[:2], (0, ["genuine"]))
        self.assertEqual(self.run_client(command, "webhook", path, "0" * 64)[:2], (1, ["refused"]))

    def test_python(self):
        python = [shutil.which("python3"), str(FOLDER / "verify.py")]
        self.verifies(python)

    def test_python_webhook(self):
        self.verifies([shutil.which("python3"), str(FOLDER / "verify.py")], "--webhook")

    def test_node(self):
        self.verifies(self.node())

    def test_node_webhook(self):
        self.verifies(self.node(), "--webhook")

    def node(self):
        node = shutil.which("node")
        if not node:
            self.skipTest("no node")
        if (
            int(
                subprocess.run(
                    [node, "-p", "process.versions.node.split('.')[0]"], capture_output=True, text=True, check=True
                ).stdout
            )
            < 18
        ):
            self.skipTest("node has no fetch before 18")
        return [node, str(FOLDER / "verify.mjs")]


if __name__ == "__main__":
    unittest.main()
