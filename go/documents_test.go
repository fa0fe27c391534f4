package ine_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"libine.example/ine"
	"libine.example/ine/inetest"
)

func TestCheck(t *testing.T) {
	who := ine.Verification{CIC: "GARJ000000HMCRLP00", Selfie: ine.Bytes([]byte("no image")), VendorData: "case 1"}
	report, err := ine.Check(who)
	if err != nil || report.OK() {
		t.Fatal(report, err)
	}
	found := map[string]ine.ProblemCode{}
	for _, p := range report.Problems {
		if p.Severity == ine.SeverityError {
			found[p.Field] = p.Code
		}
	}
	if found["document.number"] != ine.ProblemLooksLikeCURP || found["consents"] != ine.ProblemConsent || found["image.content"] != ine.ProblemNotAnImage {
		t.Fatal(found)
	}
	text, err := json.Marshal(report)
	if err != nil || !bytes.HasPrefix(text, []byte(`{"ok":false,"problems":[{"field":"`)) {
		t.Fatal(string(text), err)
	}
	for name, image := range map[string]ine.Media{
		"bytes": ine.Bytes(inetest.Picture()), "reader": ine.Reader(strings.NewReader(string(inetest.Picture()))),
		"stream": ine.Reader(stream(inetest.Picture())), "file": ine.File(pictureFile(t)),
	} {
		good := ine.Verification{CIC: "123456789", Selfie: image, VendorData: "case 1", Consent: ine.ConsentGiven}
		if report, err = ine.Check(good); err != nil || !report.OK() {
			t.Error(name, report.Problems, err)
		}
	}
	gone := ine.Verification{CIC: "123456789", Selfie: ine.File("/nowhere/x"), VendorData: "case 1", Consent: ine.ConsentGiven}
	if report, err = ine.Check(gone); err != nil || len(report.Problems) != 1 || report.Problems[0].Code != ine.ProblemUnreadable {
		t.Error(report, err)
	}
	young := ine.Verification{CIC: "123456789", CURP: "GARJ100101HMCRLPA0", Selfie: ine.Bytes(inetest.Picture()), VendorData: "c", Consent: ine.ConsentGiven}
	loose, err := ine.Check(young, ine.WithToday(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)))
	strict, err2 := ine.Check(young, ine.WithToday(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)), ine.WithStrict(ine.StrictAge))
	if err != nil || err2 != nil || !loose.OK() || strict.OK() {
		t.Error(loose, strict, err, err2)
	}
	if text, err := json.Marshal(ine.Report{}); err != nil || string(text) != `{"ok":true,"problems":[]}` {
		t.Error(string(text), err)
	}
}

func TestCURP(t *testing.T) {
	c, err := ine.CURP("GARJ850101HMCRLP03")
	if err != nil || c.Birth != time.Date(1985, 1, 1, 0, 0, 0, 0, time.UTC) || c.Sex != "H" {
		t.Fatal(c.Birth, c.Sex, err)
	}
	if c, err = ine.CURP("nonsense"); err != nil || c.Report.OK() || !c.Birth.IsZero() {
		t.Fatal(c.Report, err)
	}
	if c, err = ine.CURP("\xff\xff"); err != nil || c.Report.OK() {
		t.Fatal(c.Report, err)
	}
}

func TestMRZ(t *testing.T) {
	card, err := ine.MRZ("IDMEX1234567897<<0001000000001\n9001011H3012316MEX<00<<00001<5\nGARCIA<LOPEZ<<JUAN<<<<<<<<<<<<",
		ine.WithToday(time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC)))
	if err != nil {
		t.Fatal(err)
	}
	if card.CIC != "123456789" || card.Surnames == "" || card.Given == "" || card.Birth.Year() != 1990 || card.Expiry.Year() != 2030 || card.Given != "JUAN" || card.Sex != "H" {
		t.Errorf("%q %q %v %q %v", card.CIC, card.Surnames, card.Birth, card.Sex, card.Report.Problems)
	}
	if card, err = ine.MRZ("x"); err != nil || card.Report.OK() {
		t.Error(card.Report, err)
	}
}

func TestRegistration(t *testing.T) {
	if r, err := ine.Registration([]byte(`{"institutionId":"1"}`)); err != nil || r.OK() {
		t.Error(r, err)
	}
	if _, err := ine.Registration([]byte(`no`)); err == nil {
		t.Error("not JSON")
	}
}

func TestPseudonym(t *testing.T) {
	pepper := bytes.Repeat([]byte{7}, 32)
	a, err := ine.Pseudonym(pepper, "123456789")
	b, err2 := ine.Pseudonym(pepper, "123456789")
	other, err3 := ine.Pseudonym(bytes.Repeat([]byte{8}, 32), "123456789")
	if err != nil || err2 != nil || err3 != nil || len(a) != 32 || a != b || a == other {
		t.Fatal(a, b, other, err)
	}
	for _, short := range [][]byte{nil, {}, make([]byte, 31), make([]byte, 65)} {
		if _, err := ine.Pseudonym(short, "123456789"); err == nil || strings.Contains(err.Error(), "123456789") {
			t.Error(len(short), err)
		}
	}
}

func TestEvidence(t *testing.T) {
	sb := inetest.NewSandbox(t)
	who := sb.Person("approved")
	v, d, err := sb.Client().VerifyDecision(shortly(t), who)
	if err != nil {
		t.Fatal(err)
	}
	record, err := ine.Evidence(d, ine.EvidenceInput{
		Verdict: v, ReceivedAt: time.Now(), Source: "poll", Integration: "mx", Selfie: who.Selfie,
		ConsentTime: time.Now(), ConsentVersion: "2026-01", ConsentChannel: "web",
	})
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(inetest.Picture())
	if containsAny(string(record), personal[:4]) || !bytes.Contains(record, []byte(hex.EncodeToString(sum[:]))) || !json.Valid(record) {
		t.Fatal(string(record))
	}
	if err := ine.CheckEvidence(record, d.Bytes()); err != nil {
		t.Error(err)
	}
	if err := ine.CheckEvidence(record, append(d.Bytes(), ' ')); !errors.Is(err, ine.CodeMismatch) {
		t.Error(err)
	}
	if err := ine.CheckEvidence([]byte("{}"), d.Bytes()); !errors.Is(err, ine.CodeForm) {
		t.Error(err)
	}
	if _, err := ine.Evidence(d, ine.EvidenceInput{}); err != nil {
		t.Error(err)
	}
	if _, err := ine.Evidence(nil, ine.EvidenceInput{}); err == nil {
		t.Error("no decision")
	}
	if _, err := ine.Evidence(d, ine.EvidenceInput{Source: "\xff"}); err == nil {
		t.Error("a source that is none")
	}
	if _, err := ine.Evidence(d, ine.EvidenceInput{Selfie: ine.File("/nowhere/x")}); err == nil {
		t.Error("a selfie that is not there")
	}
}

func TestRedact(t *testing.T) {
	out, err := ine.Redact([]byte(`{"status":"success","verification":{"person":{"firstName":"JUAN"},"new":"GARCIA"}}`))
	if err != nil || containsAny(string(out), personal) || !bytes.Contains(out, []byte("[redacted]")) {
		t.Fatal(string(out), err)
	}
	if _, err := ine.Redact([]byte("x")); err == nil {
		t.Error("not JSON")
	}
}

func TestBuild(t *testing.T) {
	if !strings.Contains(ine.BuildInfo(), "openssl=OpenSSL") || ine.Version() == "" {
		t.Error(ine.BuildInfo(), ine.Version())
	}
}
