package main

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"libine.example/ine"
)

var signs = map[ine.State]string{
	ine.StatePassed: "✓", ine.StateFailed: "✗", ine.StateSkipped: "↷", ine.StateNoInput: "○", ine.StateAbsent: "–",
}

// explain says what a body means.
func (p *program) explain(_ context.Context, arguments []string) (int, error) {
	set := p.flags("explain", true)
	language := set.String("lang", "en", "es or en")
	files, err := parse(set, arguments, 1)
	if err != nil {
		return refused, err
	}
	if *language != "es" && *language != "en" {
		_, _ = fmt.Fprintln(p.err, "ine explain: languages are es and en")
		return refused, errUsage
	}
	body, err := p.read(files[0])
	if err != nil {
		return refused, err
	}
	verdict, err := ine.Interpret(body)
	if err != nil {
		return trouble, err
	}
	if p.json {
		text, err := json.Marshal(verdict)
		if err != nil {
			return trouble, err
		}
		p.print(string(text))
	} else {
		p.draw(verdict, *language)
	}
	return exitCode(verdict), nil
}

func exitCode(v ine.Verdict) int {
	switch {
	case v.Verified():
		return verified
	case v.Outcome == ine.RetryLater, v.Outcome == ine.Pending:
		return later
	case v.Outcome == ine.UnknownOutcome:
		return unknown
	default:
		return other
	}
}

// draw shows the checks in the order in which they are made, then what follows from them.
func (p *program) draw(v ine.Verdict, language string) {
	for _, c := range v.Checks() {
		sign, ok := signs[c.State]
		if !ok {
			sign = "?"
		}
		line := fmt.Sprintf("  %s %-28s %s", sign, c.Check, c.State)
		if c.BlockedBy != "" {
			line += ", because of " + string(c.BlockedBy)
		}
		if c.Reason != "" {
			line += " (" + c.Reason + ")"
		}
		if v.RootCause == c.Check {
			line += "  <- root cause"
		}
		p.print(line)
	}
	p.print(fmt.Sprintf("\n%s  advice: %s", v.Outcome, v.Advice))
	if v.RootCause != "" {
		p.print("root cause: " + string(v.RootCause))
	}
	for _, one := range []struct{ name, values string }{
		{"correct", v.Inputs.String()}, {"unmet", v.Unmet.String()}, {"anomalies", v.Anomalies.String()},
	} {
		if one.values != "" {
			p.print(one.name + ": " + strings.ReplaceAll(one.values, ",", ", "))
		}
	}
	texts := v.Text(ine.En)
	if language == "es" {
		texts = v.Text(ine.EsMX)
	}
	p.print(fmt.Sprintf("\nagent:   %s\ncitizen: %s", texts.Agent, texts.Citizen))
}
