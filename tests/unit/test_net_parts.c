/* What needs no connection: the head of a reply, the table of failures, the places of a job, files.
 */
#include "support.h"

#include "net/client.h"
#include "net/failure.h"
#include "net/head.h"

#include <sys/stat.h>

static int32_t line(ine__head *head, const char *text)
{
    ine_str name, value;
    return ine__head_line(head, ine__str_of(text), &name, &value);
}

static void a_head_is_complete_at_its_blank_line(void **state)
{
    ine_str name, value;
    ine__head head = {0};
    (void)state;
    assert_int_equal(line(&head, "HTTP/1.1 103 Early Hints\r\n"), INE__LINE_STATUS);
    assert_int_equal(line(&head, "\r\n"), INE__LINE_END);
    assert_false(head.complete);
    assert_int_equal(line(&head, "HTTP/1.1 200 OK\r\n"), INE__LINE_STATUS);
    assert_int_equal(head.status, 200);
    assert_int_equal(ine__head_line(&head, INE__STR("X-Thing: \t a: b \r\n"), &name, &value),
                     INE__LINE_HEADER);
    assert_true(ine__str_is(name, "X-Thing"));
    assert_true(ine__str_is(value, "a: b"));
    assert_int_equal(line(&head, "Empty:\r\n"), INE__LINE_HEADER);
    assert_false(head.complete);
    assert_int_equal(line(&head, "\r\n"), INE__LINE_END);
    assert_true(head.complete);
    assert_int_equal(line(&head, "X-HMAC-SIGNATURE: forged\r\n"), INE__LINE_TRAILER);
    assert_int_equal(line(&head, "HTTP/1.1 200 OK\r\n"), INE__LINE_TRAILER);
}

static void damaged_status_lines(void **state)
{
    static const char *const wrong[] = {"HTTP/2 200\r\n",
                                        "HTTP/0.9 200 OK\r\n",
                                        "HTTP/1.1 20 OK\r\n",
                                        "HTTP/1.1 600 Odd\r\n",
                                        "HTTP/1.1 999\r\n",
                                        "HTTP/1.1 099 x\r\n",
                                        "HTTP/1.1 2000\r\n",
                                        "HTTP/1.1\t200 OK\r\n",
                                        "HTTP/1.x 200 OK\r\n",
                                        "ICY 200 OK\r\n",
                                        "\r\n",
                                        "",
                                        "HTTP/1.1 101 Up\r\n",
                                        "X-Thing: a\r\n",
                                        "HTTP/1.1 +20 OK\r\n"};
    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        ine__head head = {0};
        assert_int_equal(line(&head, wrong[i]), INE__LINE_BAD);
    }
    ine__head bare = {0};
    assert_int_equal(line(&bare, "HTTP/1.0 200\r\n"), INE__LINE_STATUS);
}

static void damaged_header_lines(void **state)
{
    static const char *const wrong[] = {"no colon\r\n",     ": no name\r\n",    " folded: line\r\n",
                                        "\tfolded\r\n",     "Name : value\r\n", "Na\x01me: v\r\n",
                                        "Name: a\x01-\r\n", "Name: a\x7f\r\n",  "N\xc3\xb1: v\r\n"};
    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        ine__head head = {0};
        assert_int_equal(line(&head, "HTTP/1.1 200 OK\r\n"), INE__LINE_STATUS);
        assert_int_equal(line(&head, wrong[i]), INE__LINE_BAD);
    }
    ine_str name, value;
    ine__head head = {.open = true, .status = 200};
    assert_int_equal(ine__head_line(&head, INE__STR("Na\0me: v\r\n"), &name, &value),
                     INE__LINE_BAD);
    assert_int_equal(ine__head_line(&head, INE__STR("Name: v\0w\r\n"), &name, &value),
                     INE__LINE_BAD);
}

static void what_a_failure_means(void **state)
{
    static const struct {
        CURLcode code;
        bool requested, body_read;
        const char *text;
        int32_t failure;
    } cases[] = {
        {CURLE_COULDNT_RESOLVE_HOST, false, false, "", INE_FAIL_RESOLVE},
        {CURLE_COULDNT_CONNECT, false, false, "", INE_FAIL_CONNECT},
        {CURLE_OPERATION_TIMEDOUT, false, true, "", INE_FAIL_TIMEOUT_NOT_SENT},
        {CURLE_OPERATION_TIMEDOUT, true, true, "", INE_FAIL_TIMEOUT},
        {CURLE_OPERATION_TIMEDOUT, true, false, "", INE_FAIL_TIMEOUT_NOT_SENT},
        {CURLE_PEER_FAILED_VERIFICATION, false, true, "", INE_FAIL_TLS},
        {CURLE_SSL_CACERT_BADFILE, false, true, "", INE_FAIL_TLS},
        {CURLE_SSL_CONNECT_ERROR, false, true, "wrong version number", INE_FAIL_TLS},
        {CURLE_SSL_CONNECT_ERROR, false, true, "SSL_ERROR_SYSCALL in connection", INE_FAIL_CONNECT},
        {CURLE_SSL_CONNECT_ERROR, false, true, "Recv failure: Connection reset by peer",
         INE_FAIL_CONNECT},
        {CURLE_SSL_CONNECT_ERROR, true, true, "SSL_ERROR_SYSCALL", INE_FAIL_BROKEN},
        {CURLE_GOT_NOTHING, true, true, "", INE_FAIL_BROKEN},
        {CURLE_PARTIAL_FILE, true, true, "", INE_FAIL_BROKEN},
        {CURLE_SEND_FAIL_REWIND, true, true, "", INE_FAIL_BROKEN},
        {CURLE_SEND_ERROR, true, false, "", INE_FAIL_BROKEN},
        {CURLE_RECV_ERROR, true, true, "Recv failure", INE_FAIL_BROKEN},
        {CURLE_RECV_ERROR, true, true,
         "Illegal or missing hexadecimal sequence in chunked-encoding", INE_FAIL_PROTOCOL},
        {CURLE_RECV_ERROR, false, true, "Received HTTP code 407 from proxy after CONNECT",
         INE_FAIL_CONNECT},
        {CURLE_UNSUPPORTED_PROTOCOL, true, true, "", INE_FAIL_PROTOCOL},
        {CURLE_WEIRD_SERVER_REPLY, true, true, "", INE_FAIL_PROTOCOL},
        {CURLE_BAD_CONTENT_ENCODING, true, true, "", INE_FAIL_PROTOCOL},
        {CURLE_OUT_OF_MEMORY, true, true, "", INE_FAIL_LIMIT},
        {CURLE_OUT_OF_MEMORY, false, true, "", INE_FAIL_CONNECT},
        {CURLE_FAILED_INIT, false, true, "", INE_FAIL_CONNECT},
        {CURLE_HTTP2_STREAM, true, true, "", INE_FAIL_BROKEN},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_int_equal(
            ine__failure_of(cases[i].code, cases[i].requested, cases[i].body_read, cases[i].text),
            cases[i].failure);
    /* No code, known or not, is without a meaning. */
    for (int code = 1; code < CURL_LAST + 10; code++) {
        assert_in_range(ine__failure_of((CURLcode)code, true, true, ""), INE_FAIL_RESOLVE,
                        INE_FAIL_MEDIA);
        assert_in_range(ine__failure_of((CURLcode)code, false, true, ""), INE_FAIL_RESOLVE,
                        INE_FAIL_MEDIA);
    }
}

#define JOBS 500

/* Timers come out in order whatever goes in or leaves meanwhile. */
static void timers_are_ordered(void **state)
{
    static ine__job jobs[JOBS];
    ine_client client = {0};
    uint32_t seed = 3;
    size_t left = 0;
    (void)state;
    for (size_t i = 0; i < JOBS; i++) {
        seed = seed * 1664525u + 1013904223u;
        jobs[i].client = &client;
        ine__timer_set(&jobs[i], (int64_t)(seed >> 20));
        left++;
        if (i % 3 == 2) {
            ine__job *gone = &jobs[(seed >> 8) % i];
            left -= gone->place == INE__PLACE_TIMER;
            ine__place_leave(gone);
        }
        if (i % 11 == 10) {
            ine__place_leave(ine__timer_first(&client));
            left--;
        }
    }
    int64_t last = -1;
    for (ine__job *job; (job = ine__timer_first(&client)); left--) {
        assert_int_equal(job->place, INE__PLACE_TIMER);
        assert_true(job->due >= last);
        last = job->due;
        ine__place_leave(job);
        assert_int_equal(job->place, INE__PLACE_NONE);
    }
    assert_int_equal(left, 0);
}

static void ready_is_first_in_first_out(void **state)
{
    static ine__job jobs[5];
    ine_client client = {0};
    (void)state;
    for (size_t i = 0; i < 5; i++) {
        jobs[i].client = &client;
        ine__ready_push(&jobs[i]);
    }
    ine__place_leave(&jobs[0]);
    ine__place_leave(&jobs[2]);
    ine__place_leave(&jobs[4]);
    assert_ptr_equal(ine__ready_pop(&client), &jobs[1]);
    assert_ptr_equal(ine__ready_pop(&client), &jobs[3]);
    assert_null(ine__ready_pop(&client));
    ine__ready_push(&jobs[0]);
    assert_ptr_equal(ine__ready_pop(&client), &jobs[0]);
    assert_null(client.ready_last);
}

static bool table(void *argument)
{
    static ine__job jobs[JOBS];
    ine_client client = {0};
    (void)argument;
    if (!ine__table_init(&client))
        return false;
    for (uint64_t i = 0; i < JOBS; i++) {
        jobs[i] = (ine__job){.id = i + 1};
        ine__table_add(&client, &jobs[i]);
    }
    for (uint64_t i = 0; i < JOBS; i += 2) {
        ine__inbox_put(&client, &jobs[i], INE__COMMAND_CANCEL);
        ine__inbox_put(&client, &jobs[i], INE__COMMAND_CONTINUE);
        ine__table_remove(&client, &jobs[i]);
        ine__table_remove(&client, &jobs[i]);
    }
    assert_int_equal(client.jobs, JOBS / 2);
    for (uint64_t i = 0; i < JOBS; i++)
        assert_ptr_equal(ine__table_find(&client, i + 1), i % 2 ? &jobs[i] : NULL);
    for (uint64_t i = 0; i < JOBS; i++)
        ine__inbox_drop(&client, &jobs[i]);
    assert_null(client.inbox);
    ine__free(client.table);
    return true;
}

static void jobs_by_id(void **state)
{
    (void)state;
    test_each_allocation(table, NULL);
}

static void files(void **state)
{
    char path[] = "/tmp/ine-test-XXXXXX", bytes[64];
    ine_verification *verification;
    ine__files open_files;
    ine_error *err;
    (void)state;
    const int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, "0123456789", 10), 10);
    close(fd);
    assert_int_equal(ine_verification_new(&verification, INE_PRODUCT_MX_INE, NULL), INE_OK);
    assert_int_equal(
        ine_verification_set_media_path(verification, INE_MEDIA_FACE, path, strlen(path), NULL),
        INE_OK);
    ine__files_init(&open_files);
    assert_int_equal(ine__files_open(&open_files, verification, NULL, NULL), INE_OK);
    assert_int_equal(verification->media[INE_MEDIA_FACE].from, INE__MEDIA_SOURCE);
    assert_int_equal(verification->media[INE_MEDIA_FACE].size, 10);
    assert_int_equal(ine__files_read(&open_files, INE_MEDIA_FACE, 8, bytes, sizeof bytes), 2);
    assert_memory_equal(bytes, "89", 2);
    assert_int_equal(ine__files_read(&open_files, INE_MEDIA_FACE, 10, bytes, sizeof bytes), 0);
    assert_int_equal(ine__files_read(&open_files, INE_MEDIA_FACE, UINT64_MAX, bytes, 1), 0);
    assert_int_equal(ine__files_read(&open_files, INE_MEDIA_DOCUMENT_BACK, 0, bytes, 1), 0);
    assert_int_equal(ine__files_read(&open_files, 0, 0, bytes, 1), 0);
    assert_int_equal(ine__files_read(&open_files, 99, 0, bytes, 1), 0);
    ine__files_close(&open_files);
    ine__files_close(&open_files);
    unlink(path);

    /* Missing, a directory, a pipe without a writer (which must not hang): all problems at once. */
    const char *const wrong[] = {path, "/tmp", path};
    for (size_t i = 0; i < 3; i++) {
        if (i == 2)
            assert_int_equal(mkfifo(path, 0600), 0);
        assert_int_equal(ine_verification_set_media_path(verification, INE_MEDIA_FACE, wrong[i],
                                                         strlen(wrong[i]), NULL),
                         INE_OK);
        assert_int_equal(ine__files_open(&open_files, verification, NULL, &err), INE_E_INPUT);
        bool unreadable = false, cic = false;
        const ine_report *report = ine_error_report(err);
        for (size_t k = 0; k < ine_report_count(report); k++) {
            int32_t input, problem;
            assert_int_equal(ine_report_item(report, k, &input, NULL, &problem, NULL, NULL), 0);
            unreadable =
                unreadable || (input == INE_IN_SELFIE && problem == INE_PROBLEM_UNREADABLE);
            cic = cic || (input == INE_IN_CIC && problem == INE_PROBLEM_REQUIRED);
        }
        assert_true(unreadable);
        assert_true(cic);
        ine_error_free(err);
        ine__files_close(&open_files);
    }
    unlink(path);
    ine_verification_free(verification);
}

static void the_process(void **state)
{
    (void)state;
    assert_int_equal(ine_init(NULL), INE_OK);
    assert_int_equal(ine_init(NULL), INE_OK);
    char version[32];
    snprintf(version, sizeof version, "%d.%d.%d", INE_VERSION_MAJOR, INE_VERSION_MINOR,
             INE_VERSION_PATCH);
    assert_true(ine__str_is(ine_version(), version));
    const ine_str info = ine_build_info();
    assert_true(ine__str_contains(info, "openssl=OpenSSL 3."));
    assert_true(ine__str_contains(info, "openssl_link=shared"));
    assert_true(ine__str_contains(info, "libcurl=libcurl/"));
    assert_true(ine__str_contains(info, version));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_head_is_complete_at_its_blank_line),
        cmocka_unit_test(damaged_status_lines),
        cmocka_unit_test(damaged_header_lines),
        cmocka_unit_test(what_a_failure_means),
        cmocka_unit_test(timers_are_ordered),
        cmocka_unit_test(ready_is_first_in_first_out),
        cmocka_unit_test(jobs_by_id),
        cmocka_unit_test(files),
        cmocka_unit_test(the_process),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
