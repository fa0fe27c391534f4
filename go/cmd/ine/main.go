// Command ine says what bodies mean, checks inputs, looks at settings, and hosts the vendor's API offline:
//
//	go run libine.example/ine/cmd/ine explain FILE|-      what a decision, a reply or a webhook's body means
//	go run libine.example/ine/cmd/ine check --cic ...     every problem of an input at once; nothing is sent
//	go run libine.example/ine/cmd/ine doctor              versions, settings, and why a webhook is refused
//	go run libine.example/ine/cmd/ine sandbox             the vendor's API on 127.0.0.1
//
// Output and exit codes are those of `python -m libine` (docs/cli.md).
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"libine.example/ine"
)

// Exit codes.
const (
	verified = iota // verified, or nothing wrong
	other           // any other final outcome
	refused         // refused here: usage or input
	later           // ask again later
	trouble         // transport, signature or server trouble
	unknown         // verdict UNKNOWN
)

const usage = `usage: ine COMMAND ...

  explain FILE|-   what a decision, a reply or a webhook's body means
  check            every problem of an input at once; nothing is sent
  doctor           versions, settings, and why a webhook is refused
  sandbox          the vendor's API on 127.0.0.1

ine COMMAND --help lists a command's flags.
`

// program is what a command works with.
type program struct {
	in       io.Reader
	out, err io.Writer
	env      func(string) (string, bool)
	json     bool
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	p := &program{in: os.Stdin, out: os.Stdout, err: os.Stderr, env: os.LookupEnv}
	code := p.run(ctx, os.Args[1:])
	stop()
	os.Exit(code)
}

// errUsage is a command line that can not be understood; what is wrong has been said.
var errUsage = errors.New("usage")

func (p *program) run(ctx context.Context, arguments []string) int {
	commands := map[string]func(context.Context, []string) (int, error){
		"explain": p.explain, "check": p.check, "doctor": p.doctor, "sandbox": p.sandbox,
	}
	if len(arguments) == 0 {
		_, _ = io.WriteString(p.err, usage)
		return refused
	}
	switch arguments[0] {
	case "--version":
		p.print(ine.Version())
		return verified
	case "--help", "-h", "help":
		_, _ = io.WriteString(p.out, usage)
		return verified
	}
	command, ok := commands[arguments[0]]
	if !ok {
		_, _ = fmt.Fprintf(p.err, "ine: no such command: %s\n\n%s", arguments[0], usage)
		return refused
	}
	code, err := command(ctx, arguments[1:])
	switch {
	case errors.Is(err, flag.ErrHelp):
		return verified
	case errors.Is(err, errUsage):
		return refused
	case err != nil:
		return p.fail(err)
	default:
		return code
	}
}

// fail tells of an error: one of the library's is trouble, one of this side a refusal.
func (p *program) fail(err error) int {
	var e ine.Error
	if !errors.As(err, &e) {
		_, _ = fmt.Fprintf(p.err, "libine: %v\n", err)
		return refused
	}
	if p.json {
		if text, failed := json.Marshal(e.Info()); failed == nil {
			p.print(string(text))
		}
	}
	_, _ = fmt.Fprintf(p.err, "libine: %s\n", e.Info().Message)
	return trouble
}

func (p *program) print(text string) { _, _ = fmt.Fprintln(p.out, text) }

// flags makes a command's flags; all but sandbox have --json.
func (p *program) flags(name string, withJSON bool) *flag.FlagSet {
	set := flag.NewFlagSet("ine "+name, flag.ContinueOnError)
	set.SetOutput(p.err)
	if withJSON {
		set.BoolVar(&p.json, "json", false, "for programs")
	}
	return set
}

// parse takes flags before and behind other arguments, of which there must be `want`.
func parse(set *flag.FlagSet, arguments []string, want int) ([]string, error) {
	var others []string
	for {
		if err := set.Parse(arguments); err != nil {
			if errors.Is(err, flag.ErrHelp) {
				return nil, err
			}
			return nil, errUsage
		}
		if set.NArg() == 0 {
			break
		}
		others = append(others, set.Arg(0))
		arguments = set.Args()[1:]
	}
	if len(others) != want {
		_, _ = fmt.Fprintf(set.Output(), "%s: %d arguments are needed, not %d\n", set.Name(), want, len(others))
		return nil, errUsage
	}
	return others, nil
}

func (p *program) read(path string) ([]byte, error) {
	if path == "-" {
		return io.ReadAll(p.in)
	}
	return os.ReadFile(path)
}
