package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"runtime"
	"strings"

	"libine.example/ine"
)

// fact is a line of what doctor says.
type fact struct{ name, value string }

// doctor tells versions and settings; with a webhook's headers and body, why it is refused.
func (p *program) doctor(_ context.Context, arguments []string) (int, error) {
	set := p.flags("doctor", true)
	headers := set.String("headers", "", "file of the webhook's headers, one on a line")
	body := set.String("body", "", "file of its body, byte for byte")
	if _, err := parse(set, arguments, 0); err != nil {
		return refused, err
	}
	facts := []fact{{"go", strings.TrimPrefix(runtime.Version(), "go")}}
	for _, line := range strings.Split(strings.TrimSpace(ine.BuildInfo()), "\n") {
		name, value, _ := strings.Cut(line, "=")
		facts = append(facts, fact{name, value})
	}
	for _, name := range []string{"INE_API_KEY", "INE_SECRET", "INE_BASE_URL", "INE_PROXY", "INE_CA_FILE"} {
		value := "not set"
		if set, _ := p.env(name); set != "" {
			value = "set"
		}
		facts = append(facts, fact{name, value})
	}
	code := verified
	credentials, err := p.credentials()
	switch {
	case credentials == nil && err == nil: // not set
	case err != nil:
		code = trouble
		facts = append(facts, fact{"credentials", strings.TrimPrefix(err.Error(), "ine: ")})
	case credentials.IsSandbox():
		facts = append(facts, fact{"credentials", "sandbox key"})
	default:
		facts = append(facts, fact{"credentials", "right in form"})
	}
	if *body != "" {
		found, err := p.diagnose(credentials, *headers, *body)
		if err != nil {
			return refused, err
		}
		facts = append(facts, found)
		if !strings.HasPrefix(found.value, ine.ReasonNone.String()+":") {
			code = trouble
		}
	}
	return code, p.facts(facts)
}

// credentials are those of the environment; nil when they are not set.
func (p *program) credentials() (*ine.Credentials, error) {
	key, _ := p.env("INE_API_KEY")
	secret, _ := p.env("INE_SECRET")
	if key == "" || secret == "" {
		return nil, nil
	}
	return ine.NewCredentials(key, secret)
}

func (p *program) diagnose(credentials *ine.Credentials, headers, body string) (fact, error) {
	if credentials == nil {
		return fact{}, fmt.Errorf("not set: INE_API_KEY, INE_SECRET")
	}
	header := make(http.Header)
	if headers != "" {
		lines, err := p.read(headers)
		if err != nil {
			return fact{}, err
		}
		for _, line := range strings.Split(string(lines), "\n") {
			if name, value, ok := strings.Cut(line, ":"); ok {
				name = strings.TrimSpace(name)
				header[name] = append(header[name], strings.TrimSpace(value))
			}
		}
	}
	bytes, err := p.read(body)
	if err != nil {
		return fact{}, err
	}
	found := ine.NewWebhooks(credentials).Diagnose(header, bytes)
	value := found.Reason.String()
	if found.Hint != "" {
		value += ": " + found.Hint
	}
	return fact{"webhook", value}, nil
}

func (p *program) facts(facts []fact) error {
	if !p.json {
		for _, one := range facts {
			p.print(fmt.Sprintf("%-14s %s", one.name, one.value))
		}
		return nil
	}
	var out strings.Builder
	for i, one := range facts {
		pair, err := json.Marshal(map[string]string{one.name: one.value})
		if err != nil {
			return err
		}
		if i > 0 {
			out.WriteString(", ")
		}
		out.Write(pair[1 : len(pair)-1])
	}
	p.print("{" + out.String() + "}")
	return nil
}
