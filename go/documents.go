package ine

// #include "shim.h"
import "C"

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"runtime"
	"time"
)

// CURPResult is a CURP that was looked at: what is wrong with it, and what it says.
type CURPResult struct {
	Report Report
	Birth  time.Time // midnight UTC; the zero time when the date does not exist
	Sex    string    // H, M or X, as in the CURP; "" when it is none
}

// CURP checks a CURP by itself. WithStrict and WithToday say what is an error and what day it is.
func CURP(curp string, options ...Option) (CURPResult, error) {
	s, err := newSettings(options)
	if err != nil {
		return CURPResult{}, err
	}
	var (
		report     *C.ine_report
		failed     *C.ine_error
		birth, sex C.int32_t
	)
	p, n := chars(curp)
	code := C.ine_curp_check(&report, p, n, s.handle, &birth, &sex, &failed)
	runtime.KeepAlive(s)
	if code != C.INE_OK {
		return CURPResult{}, failure(code, failed)
	}
	defer C.ine_report_free(report)
	out := CURPResult{Report: Report{readProblems(report)}, Birth: day(int64(birth))}
	if sex != 0 {
		out.Sex = string(rune(sex))
	}
	return out, nil
}

// Format prints "CURPResult" and whether it is right: a date of birth is personal.
func (c CURPResult) Format(f fmt.State, verb rune) {
	_, _ = fmt.Fprintf(f, "CURPResult(ok=%v)", c.Report.OK())
}

// LogValue gives slog whether it is right.
func (c CURPResult) LogValue() slog.Value { return slog.BoolValue(c.Report.OK()) }

// MarshalJSON is the report only.
func (c CURPResult) MarshalJSON() ([]byte, error) { return json.Marshal(c.Report) }

// day is YYYYMMDD as a time.
func day(number int64) time.Time {
	if number == 0 {
		return time.Time{}
	}
	return time.Date(int(number/10000), time.Month(number/100%100), int(number%100), 0, 0, 0, 0, time.UTC)
}

// Card is what the machine readable zone on the back of an INE card says. Personal data: it prints as "Card"
// and whether it is right; "" and the zero time are what is not there.
type Card struct {
	Report    Report
	CIC       string // 9 digits
	Number    string // the 13 digits at the end of line 1
	CitizenID string // identificador del ciudadano: the last 9 of them
	Emission  string // two digits that count the cards issued
	Birth     time.Time
	Expiry    time.Time
	Sex       string // H or M as INE prints it, or X
	Surnames  string // as printed, '<' for spaces, cut at 30 characters
	Given     string
}

// MRZ reads the back of an INE card: one to three lines of 30 characters, joined or on lines of their own. What
// is wrong with it is in Card.Report.
func MRZ(zone string, options ...Option) (Card, error) {
	s, err := newSettings(options)
	if err != nil {
		return Card{}, err
	}
	var mrz *C.ine_mrz
	var failed *C.ine_error
	p, n := chars(zone)
	code := C.ine_mrz_read(&mrz, p, n, s.handle, &failed)
	runtime.KeepAlive(s)
	if code != C.INE_OK {
		return Card{}, failure(code, failed)
	}
	defer C.ine_mrz_free(mrz)
	field := func(id C.int32_t) string {
		var found C.ine_str
		C.ine_mrz_field(mrz, id, &found, nil)
		return text(found)
	}
	date := func(id C.int32_t) time.Time {
		var number C.int64_t
		C.ine_mrz_field(mrz, id, nil, &number)
		return day(int64(number))
	}
	return Card{
		Report: Report{readProblems(C.ine_mrz_report(mrz))}, CIC: field(C.INE_MRZ_CIC),
		Number: field(C.INE_MRZ_NUMBER), CitizenID: field(C.INE_MRZ_CITIZEN_ID), Emission: field(C.INE_MRZ_EMISSION),
		Birth: date(C.INE_MRZ_BIRTH), Expiry: date(C.INE_MRZ_EXPIRY), Sex: field(C.INE_MRZ_SEX),
		Surnames: field(C.INE_MRZ_SURNAMES), Given: field(C.INE_MRZ_GIVEN),
	}, nil
}

// Format prints "Card" and whether it is right.
func (c Card) Format(f fmt.State, verb rune) { _, _ = fmt.Fprintf(f, "Card(ok=%v)", c.Report.OK()) }

// LogValue gives slog whether it is right.
func (c Card) LogValue() slog.Value { return slog.BoolValue(c.Report.OK()) }

// MarshalJSON is the report only.
func (c Card) MarshalJSON() ([]byte, error) { return json.Marshal(c.Report) }

// Registration checks the record that an institution gives to the vendor once so that it can reach INE through
// FIMPE: a JSON object with encryptionKey, endpointUrl, institutionId, stationId, latitude, longitude,
// postalCode, city and state.
func Registration(record []byte) (Report, error) {
	var report *C.ine_report
	var failed *C.ine_error
	p, n := memory(record)
	if code := C.ine_registration_check(&report, p, n, &failed); code != C.INE_OK {
		return Report{}, failure(code, failed)
	}
	defer C.ine_report_free(report)
	return Report{readProblems(report)}, nil
}

// Pseudonym is 32 hex digits that stand for a CIC or CURP in logs, under a pepper of your own of 32 to 64 bytes
// (never the API secret). Personal data all the same: it can be joined and, with the pepper, tried out.
func Pseudonym(pepper []byte, value string) (string, error) {
	var out [32]C.char
	var failed *C.ine_error
	p, n := memory(pepper)
	v, vn := chars(value)
	if code := C.ine_pseudonym(p, n, v, vn, &out[0], &failed); code != C.INE_OK {
		return "", failure(code, failed)
	}
	return C.GoStringN(&out[0], C.int(len(out))), nil
}

// Redact makes a body safe to put into a ticket: ids, states, codes, times and checks stay, every other value,
// of members that are not known too, is "[redacted]".
func Redact(body []byte) ([]byte, error) {
	var out *C.ine_text
	var failed *C.ine_error
	p, n := memory(body)
	if code := C.ine_redact(&out, p, n, &failed); code != C.INE_OK {
		return nil, failure(code, failed)
	}
	return takeText(out), nil
}

func takeText(t *C.ine_text) []byte {
	defer C.ine_text_free(t)
	return append([]byte{}, view(C.ine_text_view(t))...)
}

// EvidenceInput is what is known beside the decision; all of it may be left out. It prints as "EvidenceInput" only.
type EvidenceInput struct {
	Verdict        Verdict   // what it was taken to mean [the decision's own]
	ReceivedAt     time.Time // when the decision arrived
	Source         string    // poll, webhook or file
	Integration    string    // label of the credentials
	Secret         string    // label of the secret
	Selfie         Media     // its SHA-256 as given and as sent become part of the record
	ConsentTime    time.Time
	ConsentVersion string // of the text that the person agreed to
	ConsentChannel string
}

// Format prints "EvidenceInput" whatever the verb.
func (in EvidenceInput) Format(f fmt.State, verb rune) { _, _ = f.Write([]byte("EvidenceInput")) }

// LogValue gives slog "EvidenceInput".
func (in EvidenceInput) LogValue() slog.Value { return slog.StringValue("EvidenceInput") }

// MarshalJSON is "EvidenceInput".
func (in EvidenceInput) MarshalJSON() ([]byte, error) { return []byte(`"EvidenceInput"`), nil }

// Evidence is an auditor's record of a decision as one JSON object, without personal data.
func Evidence(d *Decision, in EvidenceInput) ([]byte, error) {
	if d == nil {
		return nil, localError(CodeArgument, "no decision", "")
	}
	verdict := in.Verdict
	if verdict.from == nil {
		verdict = d.Verdict()
	}
	var record *C.ine_evidence
	var failed *C.ine_error
	decided, ruled := d.use(), verdict.use()
	code := C.ine_evidence_new(&record, decided.decision, ruled.verdict, &failed)
	runtime.KeepAlive(decided)
	runtime.KeepAlive(ruled)
	if code != C.INE_OK {
		return nil, failure(code, failed)
	}
	defer C.ine_evidence_free(record)
	if err := fillEvidence(record, &in); err != nil {
		return nil, err
	}
	var out *C.ine_text
	if code := C.ine_evidence_json(&out, record, &failed); code != C.INE_OK {
		return nil, failure(code, failed)
	}
	return takeText(out), nil
}

func fillEvidence(record *C.ine_evidence, in *EvidenceInput) error {
	set := setText(func(id C.int32_t, p *C.char, n C.size_t, failed **C.ine_error) C.int32_t {
		return C.ine_evidence_set_text(record, id, p, n, failed)
	})
	var given, sent string
	if !in.Selfie.IsZero() {
		var err error
		if given, sent, err = MediaDigest(in.Selfie); err != nil {
			return err
		}
	}
	for _, one := range []struct {
		id   C.int32_t
		text string
	}{
		{C.INE_EVIDENCE_SOURCE, in.Source}, {C.INE_EVIDENCE_INTEGRATION, in.Integration},
		{C.INE_EVIDENCE_SECRET, in.Secret}, {C.INE_EVIDENCE_SELFIE_GIVEN, given},
		{C.INE_EVIDENCE_SELFIE_SENT, sent}, {C.INE_EVIDENCE_CONSENT_VERSION, in.ConsentVersion},
		{C.INE_EVIDENCE_CONSENT_CHANNEL, in.ConsentChannel},
	} {
		if err := set.put(one.id, one.text); err != nil {
			return err
		}
	}
	for _, one := range []struct {
		id   C.int32_t
		when time.Time
	}{{C.INE_EVIDENCE_RECEIVED_AT, in.ReceivedAt}, {C.INE_EVIDENCE_CONSENT_TIME, in.ConsentTime}} {
		var failed *C.ine_error
		if one.when.IsZero() {
			continue
		}
		code := C.ine_evidence_set_number(record, one.id, C.int64_t(one.when.UnixMilli()), &failed)
		if code != C.INE_OK {
			return failure(code, failed)
		}
	}
	return nil
}

// CheckEvidence says whether a record belongs to a body and its verdict follows from it: nil, CodeMismatch when
// the SHA-256 or the interpretation differs, CodeForm when it is no record.
func CheckEvidence(record, body []byte) error {
	var failed *C.ine_error
	r, rn := memory(record)
	b, bn := memory(body)
	if code := C.ine_evidence_check(r, rn, b, bn, &failed); code != C.INE_OK {
		return failure(code, failed)
	}
	return nil
}

// MediaDigest is the SHA-256 of an image as given, and as a client with these options sends it (without its
// location and serial numbers): 64 hex digits each.
func MediaDigest(image Media, options ...Option) (given, sent string, err error) {
	s, err := newSettings(options)
	if err != nil {
		return "", "", err
	}
	if image.IsZero() {
		return "", "", localError(CodeArgument, "no image", "")
	}
	data, err := readAllMedia(context.Background(), image)
	if err != nil {
		return "", "", err
	}
	if len(data) > mediaLimit {
		return "", "", localError(CodeLimit, "the image is larger than 20 MB", "the vendor takes none of that size")
	}
	var failed *C.ine_error
	var g, t [64]C.char
	p, n := memory(data)
	code := C.ine_media_digest(p, n, s.handle, &g[0], &t[0], &failed)
	runtime.KeepAlive(s)
	if code != C.INE_OK {
		return "", "", failure(code, failed)
	}
	return C.GoStringN(&g[0], 64), C.GoStringN(&t[0], 64), nil
}
