package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"libine.example/ine"
)

// strictness are the warnings that refuse, by the names of the command line.
var strictness = map[string]ine.Strict{
	"curp-mask": ine.StrictCURPMask, "curp-digit": ine.StrictCURPDigit, "curp-date": ine.StrictCURPDate,
	"curp-state": ine.StrictCURPState, "age": ine.StrictAge, "image": ine.StrictImage,
	"consistency": ine.StrictConsistency,
	"all": ine.StrictCURPMask | ine.StrictCURPDigit | ine.StrictCURPDate | ine.StrictCURPState | ine.StrictAge |
		ine.StrictImage | ine.StrictConsistency,
}

// check finds every problem of an input at once.
func (p *program) check(_ context.Context, arguments []string) (int, error) {
	var who ine.Verification
	set := p.flags("check", true)
	for _, one := range []struct {
		name, about string
		to          *string
	}{
		{"cic", "the card's CIC: 9 digits, on its back", &who.CIC},
		{"curp", "18 characters", &who.CURP},
		{"first-name", "given names", &who.FirstName},
		{"last-name", "the father's last name", &who.LastName},
		{"second-last-name", "the mother's last name", &who.SecondLastName},
		{"first-issue", "YYYY-MM-DD", &who.FirstIssue},
		{"valid-from", "YYYY-MM-DD", &who.ValidFrom},
		{"date-of-birth", "YYYY-MM-DD", &who.DateOfBirth},
		{"gender", "M or F", &who.Gender},
		{"vendor-data", "your own id of the case", &who.VendorData},
	} {
		set.StringVar(one.to, one.name, "", one.about)
	}
	selfie := set.String("selfie", "", "file of the face image")
	consent := set.Bool("consent", false, "the person has consented")
	var strict ine.Strict
	set.Func("strict", "a warning that refuses: age, curp-digit, ..., all", func(name string) error {
		one, ok := strictness[name]
		if !ok {
			return errors.New("no such strictness")
		}
		strict |= one
		return nil
	})
	if _, err := parse(set, arguments, 0); err != nil {
		return refused, err
	}
	if *consent {
		who.Consent = ine.ConsentGiven
	} else {
		who.Consent = ine.ConsentRefused
	}
	if *selfie != "" {
		who.Selfie = ine.File(*selfie)
	}
	report, err := ine.Check(who, ine.WithStrict(strict))
	if err != nil {
		return trouble, err
	}
	if err := p.report(report); err != nil {
		return trouble, err
	}
	if !report.OK() {
		return refused, nil
	}
	return verified, nil
}

func (p *program) report(report ine.Report) error {
	if p.json {
		text, err := json.Marshal(report)
		p.print(string(text))
		return err
	}
	for _, one := range report.Problems {
		p.print(fmt.Sprintf("%s: %s: %s: %s", one.Severity, one.Field, one.Code, one.Hint))
	}
	if report.OK() {
		p.print("ok")
	} else {
		p.print("refused")
	}
	return nil
}
