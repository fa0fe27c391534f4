#include "options.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char help[] =
    "ine-sandbox: the vendor's identity API, offline, on your machine.\n"
    "\n"
    "usage: ine-sandbox [options]\n"
    "       ine-sandbox import PEOPLE.csv --db FILE\n"
    "\n"
    "Starts a server that answers as the API is documented to: sessions, media,\n"
    "submission, decision. It mints an API key and a secret, checks every signature\n"
    "and signs its replies. The document number (CIC) that you send picks the\n"
    "outcome; GET /sandbox/scenarios lists the numbers. Nothing leaves the machine.\n"
    "\n"
    "  --listen ADDRESS        numeric address [127.0.0.1]\n"
    "  --port N                0 for a free one [0]\n"
    "  --db FILE               keep the state in an SQLite file [:memory:]\n"
    "  --seed N                the same ids, key and secret each time (a fresh\n"
    "                          database only) [random]\n"
    "  --decision-delay-ms N   from submission to decision [150]\n"
    "  --unlisted-not-found    a CIC that is not known is \"person not found\";\n"
    "                          without it, a person for whom everything matches\n"
    "  --people FILE           people for the registry, as CSV: a first line with the\n"
    "                          columns' names, of cic, first_name, last_name,\n"
    "                          second_last_name, curp, registration_year, issue_year,\n"
    "                          lost, inactive, face, face_sha\n"
    "  --api-key UUID          add an integration with this key, which begins with\n"
    "                          " INE_SANDBOX_KEY_PREFIX "\n"
    "  --secret-file FILE      its secret: the file's bytes without a final newline\n"
    "  --product NAME          mx_ine, ine_biometric or ine_registry [mx_ine]\n"
    "  --decision-url URL      where decision webhooks go (loopback)\n"
    "  --event-url URL         where \"started\" and \"submitted\" go\n"
    "  --ine-url URL           where the legacy registry webhook goes\n"
    "  --tls                   https, with a certificate made at start\n"
    "  --ca-file FILE          write the authority's certificate there, to be trusted\n"
    "  --tls-fault NAME        self_signed, wrong_host, expired, tls11, plain, close,\n"
    "                          reset or hang\n"
    "  --webhook-ca FILE       trust these authorities when a webhook goes to https\n"
    "  --log FILE              append a line of JSON for each request; without images\n"
    "                          and secrets\n"
    "  --keep-mb N             images kept for download, newest first [64]\n"
    "  --json                  print one line of JSON when ready: base_url, api_key,\n"
    "                          secret, port, pid\n"
    "  --allow-remote          listen on an address that is not loopback\n"
    "  --exit-with-stdin       stop when standard input ends: a parent that dies\n"
    "                          leaves no sandbox behind\n"
    "  --parent-pid N          stop when process N is gone\n"
    "  --help, --version\n"
    "\n"
    "Try:\n"
    "  ine-sandbox &                      shows the address, the key and the secret\n"
    "  curl http://127.0.0.1:PORT/sandbox/scenarios\n"
    "  ine verify --sandbox --scenario selfie_mismatch\n"
    "\n"
    "Stops on SIGTERM and SIGINT. Exit code: 0 stopped, 2 wrong usage, 4 can not run.\n"
    "Not affiliated with Veriff, INE or FIMPE.\n";

enum { FLAG, TEXT, NUMBER };

static const struct {
    const char *name;
    int kind;
    size_t offset;
    int64_t max;
} table[] = {
    {"--listen", TEXT, offsetof(options, listen), 0},
    {"--port", NUMBER, offsetof(options, port), 65535},
    {"--db", TEXT, offsetof(options, db), 0},
    {"--seed", NUMBER, offsetof(options, seed), INT64_MAX},
    {"--decision-delay-ms", NUMBER, offsetof(options, decision_delay_ms), INT32_MAX},
    {"--unlisted-not-found", FLAG, offsetof(options, unlisted_not_found), 0},
    {"--api-key", TEXT, offsetof(options, api_key), 0},
    {"--secret-file", TEXT, offsetof(options, secret_file), 0},
    {"--people", TEXT, offsetof(options, people), 0},
    {"--decision-url", TEXT, offsetof(options, decision_url), 0},
    {"--event-url", TEXT, offsetof(options, event_url), 0},
    {"--ine-url", TEXT, offsetof(options, ine_url), 0},
    {"--product", TEXT, offsetof(options, product), 0},
    {"--tls", FLAG, offsetof(options, tls), 0},
    {"--ca-file", TEXT, offsetof(options, ca_file), 0},
    {"--tls-fault", TEXT, offsetof(options, tls_fault), 0},
    {"--webhook-ca", TEXT, offsetof(options, webhook_ca), 0},
    {"--log", TEXT, offsetof(options, log), 0},
    {"--keep-mb", NUMBER, offsetof(options, keep_mb), 1024 * 1024},
    {"--json", FLAG, offsetof(options, json), 0},
    {"--allow-remote", FLAG, offsetof(options, allow_remote), 0},
    {"--exit-with-stdin", FLAG, offsetof(options, exit_with_stdin), 0},
    {"--parent-pid", NUMBER, offsetof(options, parent_pid), INT32_MAX},
};

static bool read_number(const char *text, int64_t max, int64_t *out)
{
    char *end;
    errno = 0;
    *out = strtoll(text, &end, 10);
    return *text >= '0' && *text <= '9' && !*end && !errno && *out <= max;
}

static int refuse(const char *what, const char *value)
{
    fprintf(stderr, "ine-sandbox: %s: %s\nine-sandbox --help shows the options.\n", value, what);
    return 2;
}

bool is_loopback(const char *address)
{
    struct in_addr v4;
    struct in6_addr v6;
    if (inet_pton(AF_INET, address, &v4) == 1)
        return ntohl(v4.s_addr) >> 24 == 127;
    return inet_pton(AF_INET6, address, &v6) == 1 && IN6_IS_ADDR_LOOPBACK(&v6);
}

/* One argument at argv[*at]; moves *at to the last one used. */
static int read_one(int argc, char **argv, int *at, options *out)
{
    const char *name = argv[*at];
    const char *equals = strchr(name, '=');
    const size_t len = equals ? (size_t)(equals - name) : strlen(name);
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        if (strlen(table[i].name) != len || memcmp(table[i].name, name, len) != 0)
            continue;
        char *field = (char *)out + table[i].offset;
        if (table[i].kind == FLAG) {
            const bool on = true;
            if (equals)
                return refuse("takes no value", table[i].name);
            memcpy(field, &on, sizeof on);
            return 0;
        }
        const char *value = equals ? equals + 1 : *at + 1 < argc ? argv[++*at] : NULL;
        int64_t number;
        if (!value || !*value)
            return refuse("needs a value", table[i].name);
        if (table[i].kind == TEXT)
            memcpy(field, &value, sizeof value);
        else if (read_number(value, table[i].max, &number))
            memcpy(field, &number, sizeof number);
        else
            return refuse("needs a number in its range", table[i].name);
        return 0;
    }
    return refuse("unknown option", name);
}

int options_read(int argc, char **argv, options *out)
{
    *out = (options){.listen = "127.0.0.1",
                     .db = ":memory:",
                     .product = "mx_ine",
                     .decision_delay_ms = 150,
                     .keep_mb = 64};
    int i = 1;
    if (argc > 1 && strcmp(argv[1], "import") == 0) {
        out->import = true;
        if (argc > 2 && argv[2][0] != '-')
            out->people = argv[2];
        i = out->people ? 3 : 2;
    }
    for (; i < argc; i++) {
        if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0)
            return fputs(help, stdout) < 0 ? 2 : 1;
        if (strcmp(argv[i], "--version") == 0)
            return puts("ine-sandbox " INE_SANDBOX_VERSION) < 0 ? 2 : 1;
        const int refused = read_one(argc, argv, &i, out);
        if (refused)
            return refused;
    }
    if (strcmp(out->listen, "localhost") == 0)
        out->listen = "127.0.0.1";
    if (!is_loopback(out->listen) && !out->allow_remote)
        return refuse("not a loopback address; --allow-remote says that you mean it", out->listen);
    if (out->import && (!out->people || strcmp(out->db, ":memory:") == 0))
        return refuse("needs a CSV file and --db FILE", "import");
    if (!out->api_key != !out->secret_file)
        return refuse("go together", "--api-key and --secret-file");
    if ((out->ca_file || out->tls_fault) && !out->tls)
        return refuse("need --tls", "--ca-file and --tls-fault");
    return 0;
}
