#!/usr/bin/env bash
# A verification with curl and openssl alone: no library at all.
#
#   examples/foreign/verify.sh CIC SELFIE.jpg
#   examples/foreign/verify.sh webhook BODY-FILE SIGNATURE      is this delivery genuine?
#
# INE_BASE_URL, INE_API_KEY and INE_SECRET say where and who; ine-sandbox prints all three.
# Exit code: 0 approved (or genuine), 1 any other outcome, 2 trouble.
#
# It shows what a client must do, and why one wants a library: nothing is repeated, no reply is looked at beyond its
# signature, and the secret can be seen in the list of processes while openssl runs.
set -euo pipefail

die() {
    echo "$1" >&2
    exit 2
}

sign() { openssl dgst -sha256 -hmac "$INE_SECRET" -r | cut -d' ' -f1; } # standard input -> 64 digits

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

# call METHOD PATH WHAT-IS-SIGNED [BODY-FILE]: the reply's body is in $folder/reply, verified.
call() {
    local body=()
    [ $# -lt 4 ] || body=(--data-binary "@$4" -H 'Content-Type: application/json')
    curl -sS --max-time 30 --proto '=http,https' -X "$1" "$INE_BASE_URL$2" -D "$folder/head" -o "$folder/reply" \
        -H "X-AUTH-CLIENT: $INE_API_KEY" -H "X-HMAC-SIGNATURE: $(sign <"$3")" "${body[@]}" ||
        die "no answer"
    local status given
    status=$(sed -n '1s/^HTTP[^ ]* \([0-9]*\).*/\1/p' "$folder/head")
    given=$(tr -d '\r' <"$folder/head" | sed -n 's/^[Xx]-[Hh][Mm][Aa][Cc]-[Ss][Ii][Gg][Nn][Aa][Tt][Uu][Rr][Ee]: *//p')
    [ "${given,,}" = "$(sign <"$folder/reply")" ] || die "status $status, and the reply's signature is not right"
    [ "${status:0:1}" = 2 ] || die "status $status: $(cat "$folder/reply")"
}

# The first "NAME":"text" or "NAME":number in the reply: enough for these replies, not a JSON parser.
field() { grep -o "\"$1\":\(\"[^\"]*\"\|[0-9]*\|null\)" "$folder/reply" | head -1 | cut -d: -f2- | tr -d '"'; }

if [ -z "${INE_BASE_URL:-}" ] || [ -z "${INE_API_KEY:-}" ] || [ -z "${INE_SECRET:-}" ]; then
    die "set INE_BASE_URL, INE_API_KEY and INE_SECRET"
fi

if [ "${1:-}" = webhook ]; then
    [ $# = 3 ] || die "usage: verify.sh webhook BODY-FILE SIGNATURE"
    if [ "${3,,}" = "$(sign <"$2")" ]; then
        echo genuine
        exit 0
    fi
    echo refused
    exit 1
fi
[ $# = 2 ] || die "usage: verify.sh CIC SELFIE.jpg"

printf '{"verification":{"vendorData":"shell","document":{"number":"%s","country":"MX","type":"ID_CARD"},%s}}' "$1" \
    '"consents":[{"type":"ine","approved":true}]' >"$folder/request"
call POST /v1/sessions "$folder/request" "$folder/request"
session=$(field id)

printf '{"image":{"context":"face","content":"data:image/jpeg;base64,%s"}}' "$(base64 -w0 "$2")" >"$folder/request"
call POST "/v1/sessions/$session/media" "$folder/request" "$folder/request"

printf '{"verification":{"status":"submitted"}}' >"$folder/request"
call PATCH "/v1/sessions/$session" "$folder/request" "$folder/request"

printf '%s' "$session" >"$folder/id"
for _ in $(seq 60); do
    call GET "/v1/sessions/$session/decision" "$folder/id"
    if ! grep -q '"verification":null' "$folder/reply"; then
        # the decision's own status comes after its ids; the envelope's is "success"
        outcome=$(grep -o '"status":"[a-z_]*","code":[0-9]*' "$folder/reply" | head -1 | cut -d'"' -f4)
        echo "$session $outcome $(field reasonCode)"
        [ "$outcome" = approved ]
        exit
    fi
    sleep 0.2
done
die "no decision yet: $session"
