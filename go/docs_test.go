package ine_test

import (
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// Code of docs/go.md is code that runs: each block stands, line by line, in example_test.go.
func TestDocumentationIsRun(t *testing.T) {
	page, err := os.ReadFile(filepath.Join("..", "docs", "go.md"))
	if errors.Is(err, os.ErrNotExist) {
		t.Skip("the documentation is only in the repository")
	}
	if err != nil {
		t.Fatal(err)
	}
	source, err := os.ReadFile("example_test.go")
	if err != nil {
		t.Fatal(err)
	}
	flat := func(text string) string {
		var out []string
		for _, line := range strings.Split(strings.TrimSpace(text), "\n") {
			out = append(out, strings.TrimSpace(line))
		}
		return strings.Join(out, "\n")
	}
	run, blocks := flat(string(source)), regexp.MustCompile("(?s)```go\n(.*?)```").FindAllStringSubmatch(string(page), -1)
	if len(blocks) < 4 {
		t.Fatal(len(blocks), "blocks")
	}
	for _, block := range blocks {
		if !strings.Contains(run, flat(block[1])) {
			t.Errorf("not in example_test.go:\n%s", block[1])
		}
	}
}
