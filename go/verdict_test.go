package ine_test

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"libine.example/ine"
)

// The documented samples come out as design says.
func TestSamples(t *testing.T) {
	for name, want := range map[string]struct {
		outcome   ine.Outcome
		cause     ine.CheckID
		advice    ine.Advice
		anomalies string
	}{
		"decision_approved_all_checks":            {ine.Verified, "", ine.AdviceNone, ""},
		"decision_approved_optional_not_provided": {ine.Verified, "", ine.AdviceNone, "MIXED_CASE"},
		"decision_consent_declined":               {ine.ConsentMissing, ine.CheckConsentObtained, ine.AdviceAskConsent, ""},
		"decision_person_not_found":               {ine.NotVerified, ine.CheckPersonRegistered, ine.AdviceCorrectInput, ""},
		"decision_selfie_mismatch":                {ine.NotVerified, ine.CheckSelfieRegistryMatch, ine.AdviceNewSelfie, ""},
		"decision_lost_or_stolen":                 {ine.NotVerified, ine.CheckNotReportedLostOrStolen, ine.AdviceRefuseCard, "NA_WITHOUT_UPSTREAM_FAILURE"},
		"decision_registry_unavailable":           {ine.RetryLater, ine.CauseRegistry, ine.AdviceRetryNewSession, ""},
	} {
		v, err := ine.Interpret(payload(t, name))
		if err != nil {
			t.Fatal(name, err)
		}
		if v.Outcome != want.outcome || v.RootCause != want.cause || v.Advice != want.advice {
			t.Errorf("%s: %v %v", name, v, v.Advice)
		}
		if got := v.Anomalies.String(); want.anomalies != "" && !strings.Contains(got, want.anomalies) {
			t.Errorf("%s: %s", name, got)
		}
		if v.Verified() != (v.Outcome == ine.Verified) || len(v.Checks()) != 10 {
			t.Errorf("%s: verified %v, %d checks", name, v.Verified(), len(v.Checks()))
		}
	}
}

// MarshalJSON is the object of docs/output.md; the Go fields say the same.
func TestVerdictJSON(t *testing.T) {
	v, err := ine.Interpret(payload(t, "decision_selfie_mismatch"))
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(map[string]any{"v": v, "p": &v})
	if err != nil {
		t.Fatal(err)
	}
	var out struct {
		V, P struct {
			Verified  bool
			Outcome   string
			RootCause *string `json:"root_cause"`
			Failed    []string
			Unmet     []string
			Checks    map[string]struct {
				State     string
				Reason    *string
				BlockedBy *string `json:"blocked_by"`
			}
			Session struct {
				ID   string
				Code int64
			}
			Text map[string]map[string]string
		}
	}
	if err := json.Unmarshal(text, &out); err != nil || !reflect.DeepEqual(out.V, out.P) {
		t.Fatal(err)
	}
	got := out.V
	if got.Verified != v.Verified() || got.Outcome != v.Outcome.String() || *got.RootCause != string(v.RootCause) ||
		got.Session.ID != v.SessionID || got.Session.Code != v.SessionCode || len(got.Checks) != 10 {
		t.Fatal(string(text))
	}
	if strings.Join(got.Failed, ",") != v.Failed.String() || strings.Join(got.Unmet, ",") != v.Unmet.String() {
		t.Fatal(got.Failed, v.Failed)
	}
	for _, c := range v.Checks() {
		if got.Checks[string(c.Check)].State != c.State.String() {
			t.Error(c)
		}
	}
	if c := v.Check(ine.CheckNotReportedLostOrStolen); c.State != ine.StateSkipped || c.BlockedBy != ine.CheckSelfieRegistryMatch {
		t.Error(c)
	}
	if v.Check("none").State != ine.StateAbsent {
		t.Error("a check that is none")
	}
	es, en := v.Text(ine.EsMX), v.Text(ine.En)
	if got.Text["citizen"]["es-MX"] != es.Citizen || got.Text["agent"]["en"] != en.Agent || got.Text["log"]["en"] != en.Log || es == en {
		t.Error(es, en)
	}
	if v.Text(99) != en {
		t.Error("a language that is none")
	}
}

func TestZeroVerdict(t *testing.T) {
	var v ine.Verdict
	if v.Verified() || v.Outcome != ine.UnknownOutcome || v.RootCause != "" || v.Text(ine.EsMX).Citizen == "" || len(v.Checks()) != 10 {
		t.Fatal(v)
	}
	text, err := json.Marshal(v)
	if err != nil || !strings.HasPrefix(string(text), `{"verified":false,"outcome":"UNKNOWN"`) {
		t.Fatal(string(text), err)
	}
	if (ine.Facts{Outcome: ine.Verified}).Verified() {
		t.Fatal("facts that the library did not make")
	}
}

// Verdicts that say the same are equal, as facts and deeply; what they were made of is not looked at.
func TestVerdictsCompare(t *testing.T) {
	body := payload(t, "decision_approved_all_checks")
	a, errA := ine.Interpret(body)
	b, errB := ine.Interpret(body)
	other, errC := ine.Interpret(payload(t, "decision_selfie_mismatch"))
	if errA != nil || errB != nil || errC != nil {
		t.Fatal(errA, errB, errC)
	}
	header, raw := delivery(string(body), testSecret)
	e, err := ine.NewWebhooks(testCredentials(t)).Open(header, raw)
	if err != nil {
		t.Fatal(err)
	}
	c := e.Decision().Verdict()
	if a.Facts != b.Facts || a.Facts != c.Facts || a.Facts == other.Facts {
		t.Error("facts")
	}
	if !reflect.DeepEqual(a, b) || !reflect.DeepEqual(a, c) || reflect.DeepEqual(a, other) {
		t.Error("deeply")
	}
	if _, err := json.Marshal(c); err != nil || !reflect.DeepEqual(a, c) {
		t.Error("deeply, after it was used", err)
	}
	seen := map[ine.Facts]int{a.Facts: 1}
	if seen[c.Facts] != 1 {
		t.Error("as a key")
	}
}

func TestInterpretRefuses(t *testing.T) {
	for name, body := range map[string]string{
		"nothing": "", "no JSON": "x", "twice": `{"status":"a","status":"b"}`, "surrogate": `{"status":"\ud800"}`,
		"not UTF-8": "{\"status\":\"\xff\"}", "deep": strings.Repeat("[", 100) + strings.Repeat("]", 100),
	} {
		v, err := ine.Interpret([]byte(body))
		if err == nil || v.Verified() || info(t, err).Class != ine.ClassReply {
			t.Errorf("%s: %v %v", name, v, err)
		}
	}
	if _, err := ine.Interpret([]byte("{}"), "no_such_check"); err == nil {
		t.Error("a check that is none")
	}
	v, err := ine.Interpret(payload(t, "decision_approved_optional_not_provided"), ine.CheckPersonalNumberMatch)
	if err != nil || v.Verified() || v.Outcome != ine.Verified || v.Unmet.Len() != 1 {
		t.Error(v, err)
	}
}

func TestDecisionFields(t *testing.T) {
	d, err := ine.ReadDecision([]byte(`{"status":"success","verification":{"id":"` + testKey + `","code":9102,"reason":null,` +
		`"reasonCode":"x","person":{"firstName":"\u00d1"},"status":"declined"},"extra":{"a":[1,2]}}`))
	if err != nil {
		t.Fatal(err)
	}
	for field, want := range map[ine.Field]ine.Value{
		ine.FieldFirstName: {Text: "Ñ", State: ine.FieldPresent}, ine.FieldReason: {State: ine.FieldNull},
		ine.FieldLastName: {State: ine.FieldAbsent}, ine.FieldCode: {Number: 9102, State: ine.FieldPresent},
		ine.FieldReasonCode: {Text: "x", State: ine.FieldUnexpected}, 0: {}, 9999: {}, -1: {},
	} {
		got := d.Field(field)
		if field == ine.FieldReasonCode {
			got.Text = want.Text
		}
		if got != want {
			t.Errorf("%d: %+v, not %+v", field, got, want)
		}
	}
	if found, err := d.Find("/extra/a/1"); err != nil || string(found) != "2" {
		t.Error(string(found), err)
	}
	if found, err := d.Find("/no/such"); err != nil || found != nil {
		t.Error(string(found), err)
	}
	if _, err := d.Find("no pointer"); err == nil {
		t.Error("not a pointer")
	}
	if d.Supersedes(nil) || d.Supersedes(d) {
		t.Error("supersedes")
	}
	if text, err := d.Redacted(); err != nil || strings.Contains(string(text), "00d1") || strings.Contains(string(text), "Ñ") {
		t.Error(string(text), err)
	}
}

func TestSets(t *testing.T) {
	set := ine.ChecksOf(ine.CheckIssueYearMatch, ine.CheckConsentObtained, "none")
	if set.Len() != 2 || set.String() != "consent_obtained,issue_year_match" || !set.Has(ine.CheckIssueYearMatch) || set.Has("none") {
		t.Error(set)
	}
	text, err := json.Marshal(struct{ A, B any }{set, ine.Checks(0)})
	if err != nil || string(text) != `{"A":["consent_obtained","issue_year_match"],"B":[]}` {
		t.Error(string(text), err)
	}
	if ine.Anomalies(1<<40).String() != "40" || !ine.Anomalies(1<<9).Has("MIXED_CASE") || ine.Inputs(1<<1).String() != "document.number" {
		t.Error("names")
	}
	if ine.Outcome(99).String() != "99" || ine.Verified.String() != "VERIFIED" {
		t.Error("outcomes")
	}
}
