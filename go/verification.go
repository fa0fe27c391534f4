package ine

// #include "shim.h"
import "C"

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"runtime"
	"time"
	"unsafe"
)

// Consent is whether the person consented to the check against INE's registry.
type Consent int8

// Consents. Without ConsentGiven a verification is refused here, and nothing is sent.
const (
	ConsentNotStated Consent = iota
	ConsentGiven
	ConsentRefused
)

// Verification is who is to be verified. It is a plain value: copy it, change it. CIC, Selfie, Consent and
// VendorData are always needed; the rest is compared with the registry when it is given and when the vendor
// has enabled the check. It holds personal data and prints as "Verification" only. Where one lies by value in an
// unexported field of a struct of yours, fmt asks no method and prints its strings: do not print such a struct.
type Verification struct {
	Product Product // what is asked for [ProductMXINE]

	CIC            string // the card's CIC: 9 digits on its back
	CURP           string // 18 characters
	FirstName      string // given names
	LastName       string // the father's last name
	SecondLastName string // the mother's last name
	FirstIssue     string // YYYY-MM-DD, the year is compared
	ValidFrom      string // YYYY-MM-DD, the year is compared
	DateOfBirth    string // YYYY-MM-DD, compared with the CURP; never sent for ProductMXINE
	Gender         string // M or F, compared with the CURP; never sent for ProductMXINE

	DocumentCountry string // [MX]
	DocumentType    string // [ID_CARD]

	VendorData string // your own id of the case, up to 1,000 characters: a lost session is found by it
	EndUserID  string // UUID
	Callback   string // https URL

	Consent            Consent
	ConsentTime        time.Time // kept for Evidence, never sent
	ConsentTextVersion string    // kept for Evidence, never sent
	ConsentChannel     string    // kept for Evidence, never sent

	Selfie        Media // the face
	DocumentFront Media // ProductINEBiometric
	DocumentBack  Media // ProductINEBiometric
}

// Format prints "Verification" whatever the verb.
func (v Verification) Format(f fmt.State, verb rune) { _, _ = io.WriteString(f, "Verification") }

// LogValue gives slog "Verification".
func (v Verification) LogValue() slog.Value { return slog.StringValue("Verification") }

// MarshalJSON is "Verification": it is no way to store a person.
func (v Verification) MarshalJSON() ([]byte, error) { return []byte(`"Verification"`), nil }

type mediaSlot struct {
	context C.int32_t
	media   Media
}

func (v *Verification) media() [3]mediaSlot {
	return [3]mediaSlot{
		{C.INE_MEDIA_FACE, v.Selfie},
		{C.INE_MEDIA_DOCUMENT_FRONT, v.DocumentFront},
		{C.INE_MEDIA_DOCUMENT_BACK, v.DocumentBack},
	}
}

// job is one verification's inputs inside the library, and its images.
type job struct {
	handle     *C.ine_verification
	media      [C.INE_MEDIA_DOCUMENT_BACK + 1]openMedia
	vendorData string
}

// newJob copies the inputs; the caller closes it.
func newJob(ctx context.Context, v *Verification) (*job, error) {
	j, err := newJobTexts(v)
	if err != nil {
		return nil, err
	}
	for _, slot := range v.media() {
		if slot.media.from == nil {
			continue
		}
		if err := j.attach(ctx, slot); err != nil {
			j.close()
			return nil, err
		}
	}
	return j, nil
}

// newJobTexts copies all inputs but the images.
func newJobTexts(v *Verification) (*job, error) {
	var failed *C.ine_error
	j := &job{vendorData: v.VendorData}
	product := v.Product
	if product == 0 {
		product = ProductMXINE
	}
	if code := C.ine_verification_new(&j.handle, C.int32_t(product), &failed); code != C.INE_OK {
		return nil, failure(code, failed)
	}
	if err := j.fill(v); err != nil {
		j.close()
		return nil, err
	}
	return j, nil
}

func (j *job) fill(v *Verification) error {
	set := setText(func(id C.int32_t, p *C.char, n C.size_t, failed **C.ine_error) C.int32_t {
		return C.ine_verification_set_text(j.handle, id, p, n, failed)
	})
	for _, one := range []struct {
		id   C.int32_t
		text string
	}{
		{C.INE_IN_CIC, v.CIC}, {C.INE_IN_CURP, v.CURP}, {C.INE_IN_FIRST_NAME, v.FirstName},
		{C.INE_IN_LAST_NAME, v.LastName}, {C.INE_IN_SECOND_LAST_NAME, v.SecondLastName},
		{C.INE_IN_FIRST_ISSUE, v.FirstIssue}, {C.INE_IN_VALID_FROM, v.ValidFrom},
		{C.INE_IN_DATE_OF_BIRTH, v.DateOfBirth}, {C.INE_IN_GENDER, v.Gender},
		{C.INE_IN_DOCUMENT_COUNTRY, v.DocumentCountry}, {C.INE_IN_DOCUMENT_TYPE, v.DocumentType},
		{C.INE_IN_VENDOR_DATA, v.VendorData}, {C.INE_IN_END_USER_ID, v.EndUserID},
		{C.INE_IN_CALLBACK, v.Callback}, {C.INE_IN_CONSENT_TEXT_VERSION, v.ConsentTextVersion},
		{C.INE_IN_CONSENT_CHANNEL, v.ConsentChannel},
	} {
		if err := set.put(one.id, one.text); err != nil {
			return err
		}
	}
	if v.Consent != ConsentNotStated {
		given := int64(0)
		if v.Consent == ConsentGiven {
			given = 1
		}
		if err := j.number(C.INE_IN_CONSENT, given); err != nil {
			return err
		}
	}
	if !v.ConsentTime.IsZero() {
		return j.number(C.INE_IN_CONSENT_TIME, v.ConsentTime.UnixMilli())
	}
	return nil
}

func (j *job) number(id C.int32_t, value int64) error {
	var failed *C.ine_error
	if code := C.ine_verification_set_number(j.handle, id, C.int64_t(value), &failed); code != C.INE_OK {
		return failure(code, failed)
	}
	return nil
}

func (j *job) attach(ctx context.Context, slot mediaSlot) error {
	var failed *C.ine_error
	open, err := slot.media.open(ctx)
	if err != nil {
		return err
	}
	j.media[slot.context] = open
	size := C.uint64_t(open.size())
	if code := C.ine_verification_set_media_source(j.handle, slot.context, size, &failed); code != C.INE_OK {
		return failure(code, failed)
	}
	return nil
}

func (j *job) close() {
	if j == nil {
		return
	}
	for _, media := range j.media {
		if media != nil {
			media.close()
		}
	}
	C.ine_verification_free(j.handle)
	j.handle = nil
}

// Check finds every problem of a verification at once and sends nothing. Images are read and looked at. The
// error is about the options or an input that can not be held; problems of the person's data are the Report.
func Check(v Verification, options ...Option) (Report, error) {
	s, err := newSettings(options)
	if err != nil {
		return Report{}, err
	}
	j, err := newJobTexts(&v)
	if err != nil {
		return Report{}, err
	}
	defer j.close() // also when a reader panics
	var (
		report *C.ine_report
		failed *C.ine_error
		images [3][]byte
		extra  []Problem
	)
	for i, slot := range v.media() {
		if slot.media.from == nil {
			continue
		}
		if images[i], err = readAllMedia(context.Background(), slot.media); err != nil {
			extra = append(extra, err.(Error).Info().Problems...)
			images[i] = nil
		}
	}
	handle := j.handle
	j.handle = nil // ine_go_verification_check frees it
	var p [3]unsafe.Pointer
	var n [3]C.size_t
	for i, image := range images {
		p[i], n[i] = memory(image)
	}
	code := C.ine_go_verification_check(handle, s.handle, p[0], n[0], p[1], n[1], p[2], n[2], &report, &failed)
	runtime.KeepAlive(s)
	if code != C.INE_OK {
		return Report{}, failure(code, failed)
	}
	defer C.ine_report_free(report)
	return withUnreadable(readProblems(report), extra), nil
}

// withUnreadable puts an image that can not be read in the place of one that is missing.
func withUnreadable(found, extra []Problem) Report {
	if len(extra) == 0 {
		return Report{found}
	}
	kept := extra
	for _, p := range found {
		if p.Field != inputNames[inputSelfie] || p.Code != ProblemRequired {
			kept = append(kept, p)
		}
	}
	return Report{kept}
}

// readAllMedia is a whole image, or its first 20 MB and one byte.
func readAllMedia(ctx context.Context, m Media) ([]byte, error) {
	open, err := m.open(ctx)
	if err != nil {
		return nil, err
	}
	defer open.close()
	if whole := open.memory(); whole != nil {
		return whole, nil
	}
	data, n := make([]byte, min(open.size(), mediaLimit+1)), 0
	for n < len(data) && err == nil {
		var more int
		more, err = open.readAt(ctx, data[n:], int64(n))
		n += more
		if more == 0 && err == nil {
			err = io.ErrNoProgress
		}
	}
	if err != nil && err != io.EOF {
		return nil, notRead(ctx, err)
	}
	return data[:n:n], nil
}
