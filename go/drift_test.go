package ine_test

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// The C beside the Go files is what the sources say, and the constants are what the manifest says.
func TestGeneratedFilesAreFresh(t *testing.T) {
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Skip(err)
	}
	for _, name := range []string{"ine.h", "ine_core.c", "ine_curl.c", "names_gen.go", "fields_gen.go"} {
		if _, err := os.ReadFile(name); err != nil { // so that go's cache of results looks at them
			t.Fatal(err)
		}
	}
	for _, script := range []string{"amalgamate.py", "ine_gen.py"} {
		path := filepath.Join("..", "bindings", "gen", script)
		if _, err := os.Stat(path); errors.Is(err, os.ErrNotExist) {
			t.Skip("the sources are only in the repository")
		}
		if out, err := exec.Command(python, "-B", path, "check").CombinedOutput(); err != nil {
			t.Errorf("%v\n%s", err, out)
		}
	}
}
