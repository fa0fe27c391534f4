// Command verify verifies one person:
//
//	INE_API_KEY=... INE_SECRET=... INE_BASE_URL=... go run ./verify CIC SELFIE CASE
//
// Try it with `go run libine.example/ine/cmd/ine sandbox` in another terminal: it prints the three variables.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"

	"libine.example/ine"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	code := run(ctx, os.Args[1:], os.Stdout)
	stop()
	os.Exit(code)
}

func run(ctx context.Context, arguments []string, out io.Writer) int {
	if len(arguments) != 3 {
		_, _ = fmt.Fprintln(out, "usage: verify CIC SELFIE CASE")
		return 2
	}
	verdict, err := verify(ctx, arguments[0], arguments[1], arguments[2])
	var input *ine.InputError
	var unknown *ine.OutcomeUnknownError
	switch {
	case errors.As(err, &input): // nothing was sent; no problem holds a value
		for _, problem := range input.Problems {
			_, _ = fmt.Fprintf(out, "%s: %s: %s\n", problem.Severity, problem.Field, problem.Hint)
		}
		return 2
	case errors.As(err, &unknown): // a reply was lost: a session may exist
		_, _ = fmt.Fprintf(out, "ask the vendor for sessions with vendorData %s\n", unknown.VendorData)
		return 5
	case ine.Retryable(err):
		_, _ = fmt.Fprintf(out, "try again in %v: %v\n", ine.RetryAfter(err), err)
		return 4
	case err != nil:
		_, _ = fmt.Fprintln(out, err)
		return 4
	case verdict.Verified():
		_, _ = fmt.Fprintln(out, "verified: open the account")
		return 0
	default:
		_, _ = fmt.Fprintf(out, "%s (%s): %s\n", verdict.Outcome, verdict.Advice, verdict.Text(ine.EsMX).Citizen)
		return 1
	}
}

func verify(ctx context.Context, cic, selfie, userID string) (ine.Verdict, error) {
	client, err := ine.New(ine.FromEnv())
	if err != nil {
		return ine.Verdict{}, err
	}
	defer client.Close()
	who := ine.Verification{CIC: cic, Selfie: ine.File(selfie), Consent: ine.ConsentGiven, VendorData: userID}
	return client.Verify(ctx, who)
}
