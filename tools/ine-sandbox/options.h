/* The command line of ine-sandbox. */
#ifndef INE_SANDBOX_OPTIONS_H
#define INE_SANDBOX_OPTIONS_H

#include "sandbox.h"

typedef struct options {
    const char *listen, *db, *api_key, *secret_file, *product, *people;
    const char *decision_url, *event_url, *ine_url;
    const char *ca_file, *tls_fault, *webhook_ca, *log;
    int64_t port, seed, decision_delay_ms, keep_mb, parent_pid;
    bool tls;
    bool json, allow_remote, exit_with_stdin, unlisted_not_found;
    bool import; /* "import FILE": into --db, and end */
} options;

/* 0: go on. 1: done (help, version). 2: refused, said on stderr. */
int options_read(int argc, char **argv, options *out);
/* 127.0.0.0/8 or ::1. */
bool is_loopback(const char *address);

#endif
