#!/usr/bin/env python3
"""Makes a file proxy with the Go module from this clone, as `go get` takes it from a proxy:

    go/proxy.py FOLDER [test]
    GOPROXY=file://FOLDER,direct GONOSUMDB=libine.example/ine go get libine.example/ine

With "test" the version is made from the content, for Go keeps what it once saw of a version. Only what belongs to the module is put in: the files of go/ that git knows or would know, and the licence.
"""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
import zipfile
from pathlib import Path

GO = Path(__file__).resolve().parent
STAMP = (2026, 1, 1, 0, 0, 0)


def module() -> str:
    return re.search(r"^module (\S+)$", (GO / "go.mod").read_text(encoding="utf-8"), re.MULTILINE).group(1)


def version() -> str:
    header = (GO / "ine.h").read_text(encoding="utf-8")
    numbers = [re.search(rf"#define INE_VERSION_{part} (\d+)", header).group(1) for part in ("MAJOR", "MINOR", "PATCH")]
    return "v" + ".".join(numbers)


def files() -> list[str]:
    """Paths inside go/. Without git (an unpacked archive), all of them."""
    listed = subprocess.run(
        ["git", "-C", str(GO), "ls-files", "--cached", "--others", "--exclude-standard", "-z", "."],
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode == 0:
        names = [name for name in listed.stdout.split("\0") if name]
    else:
        names = [path.relative_to(GO).as_posix() for path in GO.rglob("*")]
    return sorted(name for name in names if (GO / name).is_file() and not (GO / name).is_symlink())


def main(arguments: list[str]) -> int:
    if len(arguments) not in (1, 2) or arguments[1:] not in ([], ["test"]):
        print(__doc__, file=sys.stderr)
        return 2
    name, number = module(), version()
    if arguments[1:]:
        content = hashlib.sha256(b"".join((GO / file).read_bytes() for file in files()))
        number += "-test." + content.hexdigest()[:12]
    folder = Path(arguments[0]) / name / "@v"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "list").write_text(number + "\n", encoding="utf-8")
    info = {"Version": number, "Time": "2026-01-01T00:00:00Z"}
    (folder / f"{number}.info").write_text(json.dumps(info), encoding="utf-8")
    (folder / f"{number}.mod").write_bytes((GO / "go.mod").read_bytes())
    with zipfile.ZipFile(folder / f"{number}.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for path in [*((file, GO / file) for file in files()), ("LICENSE", GO.parent / "LICENSE")]:
            entry = zipfile.ZipInfo(f"{name}@{number}/{path[0]}", STAMP)
            archive.writestr(entry, path[1].read_bytes(), zipfile.ZIP_DEFLATED)
    print(f"{name}@{number}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
