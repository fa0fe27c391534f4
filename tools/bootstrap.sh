#!/bin/sh
# Installs what is missing to build libine (on Debian 12), or says what is missing and how to get
# it (on any other system). Silent, fast and without network when nothing is missing.
#
#   tools/bootstrap.sh demo    what `make build` and `make demo` need
#   tools/bootstrap.sh test    that, and all that `make test`, `bench`, `fuzz`, `docs` and `lint` need
#
# INE_OS_RELEASE names the file to recognise the system by; it is for the tests of this script.
set -eu

# One line for each need: profile, Debian package, how to find it on other systems (cmd: a command,
# pc: a pkg-config module), package on Fedora, package in Homebrew ("-": comes with the system).
needs() {
    cat <<'TABLE'
demo gcc                  cmd:gcc          gcc                gcc
demo libc6-dev            cmd:gcc          glibc-devel        -
demo make                 cmd:make         make               make
demo cmake                cmd:cmake        cmake              cmake
demo ninja-build          cmd:ninja        ninja-build        ninja
demo pkgconf              cmd:pkg-config   pkgconf            pkgconf
demo libssl-dev           pc:libcrypto     openssl-devel      openssl
demo libcurl4-openssl-dev pc:libcurl       libcurl-devel      curl
demo libevent-dev         pc:libevent      libevent-devel     libevent
demo libsqlite3-dev       pc:sqlite3       sqlite-devel       sqlite
test g++                  cmd:g++          gcc-c++            gcc
test git                  cmd:git          git                git
test python3              cmd:python3      python3            python
test python3-venv         cmd:python3      python3            python
test python3-dev          pc:python3       python3-devel      python
test openssl              cmd:openssl      openssl            openssl
test libcmocka-dev        pc:cmocka        libcmocka-devel    cmocka
test libjansson-dev       pc:jansson       jansson-devel      jansson
test abigail-tools        cmd:abidiff      libabigail         -
test clang-14             cmd:clang-14     clang              llvm
test libclang-rt-14-dev   cmd:clang-14     compiler-rt        llvm
test llvm-14              cmd:llvm-cov-14  llvm               llvm
test clang-format-14      cmd:clang-format-14 clang-tools-extra clang-format
test clang-tidy-14        cmd:clang-tidy-14 clang-tools-extra llvm
test shellcheck           cmd:shellcheck   ShellCheck         shellcheck
test valgrind             cmd:valgrind     valgrind           valgrind
test doxygen              cmd:doxygen      doxygen            doxygen
test nodejs               cmd:node         nodejs             node
test npm                  cmd:npm          npm                node
test chromium             cmd:chromium     chromium           chromium
TABLE
    # The packages for Python, Node and Go get their needs here when they are written: SWIG comes
    # from PyPI, Node and Go from their own registries, because Debian 12's are too old.
}

fail() {
    printf 'bootstrap: %s\n' "$*" >&2
    exit 1
}

profile=${1:-}
case $profile in
demo) wanted=$(needs | grep '^demo ') ;;
test) wanted=$(needs) ;;
*) fail "usage: tools/bootstrap.sh demo|test" ;;
esac

os=unknown
version=
os_release=${INE_OS_RELEASE:-/etc/os-release}
if [ -r "$os_release" ]; then
    os=$(sed -n 's/^ID="\{0,1\}\([^"]*\)"\{0,1\}$/\1/p' "$os_release")
    version=$(sed -n 's/^VERSION_ID="\{0,1\}\([^"]*\)"\{0,1\}$/\1/p' "$os_release")
fi

# ---- Debian 12: install

if [ "$os" = debian ] && [ "$version" = 12 ]; then
    packages=$(printf '%s\n' "$wanted" | awk '{print $2}')
    # Node from elsewhere brings npm along, and Debian's npm can not stand beside it.
    if command -v node >/dev/null 2>&1 && command -v npm >/dev/null 2>&1; then
        packages=$(printf '%s\n' "$packages" | grep -vx -e nodejs -e npm)
    fi
    # shellcheck disable=SC2086 # package names have no spaces
    installed=$(dpkg-query -W -f '${Package} ${db:Status-Status}\n' $packages 2>/dev/null || true)
    missing=$(printf '%s\n%s\n' "$installed" "$packages" |
        awk 'NF == 2 { if ($2 == "installed") have[$1] = 1 } NF == 1 && !($1 in have)')
    [ -n "$missing" ] || exit 0

    printf 'bootstrap: installing: %s\n' "$(printf '%s' "$missing" | tr '\n' ' ')" >&2
    as_root=
    if [ "$(id -u)" != 0 ]; then
        command -v sudo >/dev/null 2>&1 ||
            fail "not root and no sudo; as root run: apt-get install $(printf '%s' "$missing" | tr '\n' ' ')"
        as_root=sudo
    fi
    $as_root apt-get update -q >&2 || fail "apt-get update failed"
    # shellcheck disable=SC2086
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends $missing >&2 ||
        fail "apt-get install failed"
    exit 0
fi

# ---- any other system: say what is missing

present() {
    case $1 in
    cmd:*) command -v "${1#cmd:}" >/dev/null 2>&1 ;;
    pc:*) command -v pkg-config >/dev/null 2>&1 && pkg-config --exists "${1#pc:}" ;;
    esac
}

missing=$(printf '%s\n' "$wanted" | while read -r _ debian probe fedora brew; do
    present "$probe" || printf '%s %s %s %s\n' "$debian" "${probe#*:}" "$fedora" "$brew"
done)
[ -n "$missing" ] || exit 0

column() {
    printf '%s\n' "$missing" | awk -v n="$1" '$n != "-" && !seen[$n]++ { printf " %s", $n }'
}
{
    printf 'bootstrap: this is %s %s; packages are installed by themselves on Debian 12 only.\n' "$os" "$version"
    printf 'Missing:%s\n\n' "$(column 2)"
    printf '  Debian, Ubuntu:  apt-get install%s\n' "$(column 1)"
    printf '  Fedora:          dnf install%s\n' "$(column 3)"
    printf '  Homebrew:        brew install%s\n' "$(column 4)"
    printf '\nThe library itself needs OpenSSL 3 and libcurl 7.88 or newer, with development files.\n'
} >&2
exit 1
