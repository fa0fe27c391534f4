/* One HTTP request of a job through libcurl. Only the client's thread comes here. */
#ifndef INE_NET_TRANSFER_H
#define INE_NET_TRANSFER_H

#include "net/client.h"
#include "net/head.h"

/* The request's headers and those of libcurl's that are taken out; "Name: value" each. The longest
 * values are an integration id, of 256, and the agent, of 160. */
#define INE__LINES      12
#define INE__LINES_SIZE 1024

struct ine__transfer {
    CURL *easy;
    ine__job *job;
    ine_exchange *exchange;
    struct curl_slist line[INE__LINES]; /* libcurl reads the list and never changes or frees it */
    char lines[INE__LINES_SIZE];
    size_t line_count, lines_len;
    ine__head head;
    uint64_t sent, size; /* of the body */
    uint64_t received;   /* of the reply's body */
    int64_t started;
    uint32_t requests;   /* times libcurl was about to send: more than one is a repeat (B2) */
    int32_t stop;        /* INE_FAIL_*: why we stopped it; 0: we did not */
    ine__transfer *next; /* idle */
    char text[CURL_ERROR_SIZE];
};

/* Starts what ine__job_exchange() wants to send. False: without memory; nothing was started. */
bool ine__transfer_start(ine__job *job);
/* The transfer has ended by itself: tells the exchange what came of it. */
void ine__transfer_ended(ine__transfer *transfer, CURLcode code);
/* Ends it without telling anyone. */
void ine__transfer_drop(ine__transfer *transfer);
/* Frees the idle ones. */
void ine__transfers_free(ine_client *client);

/* setup.c: what is the same for every request of a client. */
bool ine__setup_client(ine__transfer *transfer, const ine_options *options);
/* What the exchange says. */
bool ine__setup_request(ine__transfer *transfer, const ine_options *options);

/* callbacks.c */
size_t ine__on_header(char *line, size_t size, size_t count, void *transfer);
size_t ine__on_body(char *data, size_t size, size_t count, void *transfer);
size_t ine__on_read(char *buffer, size_t size, size_t count, void *transfer);
int ine__on_request(void *transfer, char *ip, char *local_ip, int port, int local_port);

#endif
