package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"libine.example/ine"
	"libine.example/ine/inetest"
)

const body = `{"status":"success","verification":{"id":"12df6045-3846-3e45-946a-14fa6136d78b","status":"declined","code":9102,` +
	`"reasonCode":581,"registryValidations":{"MX_INE":{"status":"failure","validations":{"consent_obtained":{"result":"success"},` +
	`"person_registered":{"result":"success"},"selfie_registry_match":{"result":"failure","reason":"SELFIE_MISMATCH"}}}}}}`

func run(t *testing.T, env map[string]string, in string, arguments ...string) (code int, out, err string) {
	t.Helper()
	var o, e bytes.Buffer
	p := &program{in: strings.NewReader(in), out: &o, err: &e, env: func(name string) (string, bool) {
		value, ok := env[name]
		return value, ok
	}}
	code = p.run(t.Context(), arguments)
	return code, o.String(), e.String()
}

func TestExplain(t *testing.T) {
	code, out, _ := run(t, nil, body, "explain", "-")
	for _, want := range []string{
		"  ✗ selfie_registry_match        FAILED (SELFIE_MISMATCH)  <- root cause\n", "\nNOT_VERIFIED  advice: NEW_SELFIE\n",
		"root cause: selfie_registry_match\n", "unmet: selfie_registry_match, not_reported_lost_or_stolen\n", "\ncitizen: We could",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("no %q in\n%s", want, out)
		}
	}
	if code != other {
		t.Error(code)
	}
	file := filepath.Join(t.TempDir(), "body.json")
	if err := os.WriteFile(file, []byte(body), 0o600); err != nil {
		t.Fatal(err)
	}
	if code, out, _ = run(t, nil, "", "explain", file, "--lang", "es"); code != other || !strings.Contains(out, "citizen: No pudimos") {
		t.Error(code, out)
	}
	if code, out, _ = run(t, nil, body, "explain", "--json", "-"); code != other || !json.Valid([]byte(out)) || !strings.HasPrefix(out, `{"verified":false`) {
		t.Error(code, out)
	}
}

func TestExitCodes(t *testing.T) {
	for name, want := range map[string]int{
		"decision_approved_all_checks": verified, "decision_selfie_mismatch": other, "decision_registry_unavailable": later,
	} {
		file := filepath.Join("..", "..", "..", "tests", "payloads", name+".json")
		if _, err := os.Stat(file); errors.Is(err, os.ErrNotExist) {
			t.Skip("the samples are only in the repository")
		}
		if code, out, err := run(t, nil, "", "explain", file); code != want {
			t.Error(name, code, out, err)
		}
	}
	for name, one := range map[string]struct {
		in   string
		args []string
		code int
	}{
		"pending": {`{"status":"success","verification":null}`, []string{"explain", "-"}, later},
		"unknown": {`{}`, []string{"explain", "-"}, unknown},
		"broken":  {`{`, []string{"explain", "-"}, trouble},
		"no file": {"", []string{"explain", "/nowhere/x"}, refused},
		"nothing": {"", nil, refused}, "no command": {"", []string{"dance"}, refused}, "no argument": {"", []string{"explain"}, refused},
		"two": {"", []string{"explain", "a", "b"}, refused}, "a flag": {"", []string{"check", "--colour"}, refused},
		"language": {body, []string{"explain", "-", "--lang", "fr"}, refused}, "help": {"", []string{"--help"}, verified},
		"help of one": {"", []string{"check", "--help"}, verified}, "version": {"", []string{"--version"}, verified},
		"strictness": {"", []string{"check", "--strict", "none"}, refused},
	} {
		if code, out, err := run(t, nil, one.in, one.args...); code != one.code {
			t.Errorf("%s: %d, not %d: %s%s", name, code, one.code, out, err)
		}
	}
	if _, out, err := run(t, nil, "{", "explain", "-", "--json"); !strings.HasPrefix(out, `{"error":{"code":"JSON"`) || !strings.HasPrefix(err, "libine: ") {
		t.Error(out, err)
	}
}

func TestCheck(t *testing.T) {
	code, out, _ := run(t, nil, "", "check", "--cic", "12", "--vendor-data", "case", "--consent")
	if code != refused || !strings.Contains(out, "error: document.number: LENGTH: the CIC is exactly 9 digits") || !strings.HasSuffix(out, "refused\n") {
		t.Error(code, out)
	}
	selfie := filepath.Join(t.TempDir(), "selfie.png")
	if err := os.WriteFile(selfie, inetest.Picture(), 0o600); err != nil {
		t.Fatal(err)
	}
	good := []string{"check", "--cic", "123456789", "--vendor-data", "case", "--consent", "--selfie", selfie}
	if code, out, _ = run(t, nil, "", good...); code != verified || out != "ok\n" {
		t.Error(code, out)
	}
	if code, out, _ = run(t, nil, "", append(good, "--json")...); code != verified || out != `{"ok":true,"problems":[]}`+"\n" {
		t.Error(code, out)
	}
	old := append(good, "--curp", "GARJ850101HMCRLP00")
	loose, _, _ := run(t, nil, "", old...)
	strict, _, _ := run(t, nil, "", append(old, "--strict", "curp-digit", "--strict", "age")...)
	if loose != verified || strict != refused {
		t.Error(loose, strict)
	}
}

func TestDoctor(t *testing.T) {
	code, out, _ := run(t, nil, "", "doctor")
	if code != verified || !strings.Contains(out, "openssl_link   shared\n") || !strings.Contains(out, "INE_API_KEY    not set\n") {
		t.Error(code, out)
	}
	env := map[string]string{"INE_API_KEY": "12df6045-3846-4e45-946a-14fa6136d78b", "INE_SECRET": "a secret"}
	code, out, _ = run(t, env, "", "doctor", "--json")
	facts := map[string]string{}
	if err := json.Unmarshal([]byte(out), &facts); err != nil || code != verified || facts["credentials"] != "right in form" || facts["INE_SECRET"] != "set" {
		t.Error(code, out, err)
	}
	if code, out, _ = run(t, map[string]string{"INE_API_KEY": "no uuid", "INE_SECRET": "x"}, "", "doctor"); code != trouble || strings.Contains(out, "no uuid") {
		t.Error(code, out)
	}
	credentials, err := ine.NewCredentials(env["INE_API_KEY"], env["INE_SECRET"])
	if err != nil {
		t.Fatal(err)
	}
	r := inetest.SignedWebhook(t, "approved", credentials)
	var raw bytes.Buffer
	if _, err := raw.ReadFrom(r.Body); err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	headers, whole, changed := filepath.Join(folder, "h"), filepath.Join(folder, "b"), filepath.Join(folder, "c")
	lines := "X-Auth-Client: " + env["INE_API_KEY"] + "\r\nx-hmac-signature: " + r.Header.Get("X-Hmac-Signature") + "\n\nnonsense\n"
	for path, content := range map[string][]byte{headers: []byte(lines), whole: raw.Bytes(), changed: append(raw.Bytes(), '\n')} {
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if code, out, _ = run(t, env, "", "doctor", "--headers", headers, "--body", whole); code != verified || !strings.Contains(out, "webhook        NONE: ") {
		t.Error(code, out)
	}
	if code, out, _ = run(t, env, "", "doctor", "--headers", headers, "--body", changed); code != trouble || !strings.Contains(out, "TRAILING_NEWLINE: ") {
		t.Error(code, out)
	}
	if code, _, _ = run(t, nil, "", "doctor", "--body", whole); code != refused {
		t.Error(code)
	}
}

func TestSandbox(t *testing.T) {
	ctx, stop := context.WithTimeout(t.Context(), 20*time.Second)
	defer stop()
	out := make(lines, 32)
	p := &program{out: out, err: out, env: os.LookupEnv}
	ended := make(chan int, 1)
	go func() { ended <- p.run(ctx, []string{"sandbox", "--seed", "7"}) }()
	settings := map[string]string{}
	for _, line := range strings.Split(<-out, "\n") {
		name, value, _ := strings.Cut(line, "=")
		settings[name] = value
	}
	if portal := <-out; !strings.Contains(portal, settings["INE_BASE_URL"]+"/portal") {
		t.Error(portal)
	}
	reply, err := http.Get(settings["INE_BASE_URL"] + "/sandbox/scenarios")
	if err != nil || reply.StatusCode != 200 {
		t.Fatal(reply, err)
	}
	_ = reply.Body.Close()
	if line := <-out; line != "GET /sandbox/scenarios 200\n" {
		t.Error(line)
	}
	credentials, err := ine.NewCredentials(settings["INE_API_KEY"], settings["INE_SECRET"])
	if err != nil || !credentials.IsSandbox() {
		t.Fatal(err)
	}
	stop()
	if code := <-ended; code != verified {
		t.Error(code)
	}
	if code, _, _ := run(t, nil, "", "sandbox", "--port", "70000"); code != refused {
		t.Error(code)
	}
}

// lines are what is printed, a write each.
type lines chan string

func (l lines) Write(p []byte) (int, error) {
	l <- string(p)
	return len(p), nil
}
