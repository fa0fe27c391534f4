#include "support.h"

#include "crypto/credentials.h"
#include "crypto/hex.h"

#include <jansson.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#define KEY "5a4db0c5-0000-4000-8000-000000000001"

static bool mmap_fails, mlock_fails;
static size_t pages_seen, pages_dirty;

/* These stand before the C library's: to make the pages fail, and to look into them when they go.
 */
void *mmap(void *addr, size_t len, int prot, int flags, int fd, off_t offset)
{
    if (mmap_fails)
        return MAP_FAILED;
    return (void *)syscall(SYS_mmap, addr, len, prot, flags, fd, offset);
}

int mlock(const void *addr, size_t len)
{
    return mlock_fails ? -1 : (int)syscall(SYS_mlock, addr, len);
}

static const void *watched;

int munmap(void *addr, size_t len)
{
    if (addr == watched && watched) {
        const unsigned char *bytes = addr;
        pages_seen++;
        for (size_t i = 0; i < len; i++)
            pages_dirty += bytes[i] != 0;
    }
    return (int)syscall(SYS_munmap, addr, len);
}

static ine_credentials *with_secret(const char *secret, size_t len)
{
    ine_credentials *credentials;
    assert_int_equal(ine_credentials_new(&credentials, "shop", 4, KEY, 36, NULL), INE_OK);
    assert_int_equal(ine_credentials_add_secret(credentials, "2026", 4, secret, len, NULL), INE_OK);
    return credentials;
}

static int32_t verify(const ine_credentials *credentials, ine_str body, ine_str signature)
{
    return ine_verify_signature(credentials, body.ptr, body.len, signature.ptr, signature.len,
                                NULL);
}

/* The vendor's published pairs, and four of our own. */
static void vendor_vectors(void **state)
{
    static const char secret[] = "abcdef12-abcd-abcd-abcd-abcdef012345";
    static const struct {
        const char *signed_text, *signature;
    } vectors[] = {
        {"{\"verification\":{\"callback\":\"https://veriff.com\",\"person\":{\"firstName\":"
         "\"John\",\"lastName\":\"Smith\"},\"document\":{\"type\":\"PASSPORT\",\"country\":\"EE\"},"
         "\"vendorData\":\"unique id of a user\",\"timestamp\":\"2016-05-19T08:30:25.597Z\"}}",
         "6af6d95822e19e9cc707aec55395d8d363ba2c7bc4625bc04ebeca0c7bf8cd67"},
        {"{\"verification\":{\"callback\":\"https://veriff.com\",\"person\":{\"firstName\":"
         "\"John\",\"lastName\":\"Smith\"},\"document\":{\"type\":\"PASSPORT\",\"country\":\"EE\"},"
         "\"vendorData\":\"unique id of the end-user\",\"timestamp\":\"2016-05-19T08:30:25.597Z\"}"
         "}",
         "0dcab73ddd20062616d104231c7439657546a5c24e4691977da93bb854c31e25"},
        {"aea9ba6d-1b47-47fc-a4fc-f72b6d3584a7",
         "895cb3fd31139d89aeb7b263682e15479ab57651e70591256ad2c14fde4950dd"},
        {"{\"verification\":{\"status\":\"submitted\"}}",
         "431804d39503a5600eb3a57c1bb6403cba06b3b243593e2619868e17eb22b277"},
        {"fd5c1563-1d23-4b1a-ae46-7ba429927ed8",
         "45d91008bb78bf2cf33de34ac81a3350b69f746ad788136a142a9510d204cfb4"},
        {"", "4005304bae46f8a0c2b1fbd7088f9dded39dc1040be754dede2bf198ab44b7c8"},
        {"{\"verification\":{\"person\":{\"firstName\":\"JOS\xc3\x89\",\"lastName\":\"PE\xc3\x91"
         "A\"},\"document\":{\"number\":\"123456789\",\"country\":\"MX\",\"type\":\"ID_CARD\"},"
         "\"consents\":[{\"type\":\"ine\",\"approved\":true}]}}",
         "404573db13c9fb15a09668db3d3df7aac1a5d71f1434b5b03d5b24dd084a053f"},
    };
    char out[64];
    (void)state;
    ine_credentials *credentials = with_secret(secret, sizeof secret - 1);
    for (size_t i = 0; i < sizeof vectors / sizeof vectors[0]; i++) {
        const ine_str text = ine__str_of(vectors[i].signed_text);
        assert_int_equal(ine__credentials_sign(credentials, text, out, NULL), INE_OK);
        assert_memory_equal(out, vectors[i].signature, 64);
        assert_int_equal(verify(credentials, text, ine__str(out, 64)), INE_OK);
    }
    /* The key is the text of the UUID as given: neither its bytes nor another case of it. */
    ine_credentials *upper = with_secret("ABCDEF12-abcd-abcd-abcd-abcdef012345", 36);
    assert_int_equal(verify(upper, INE__STR(""), ine__str_of(vectors[5].signature)),
                     INE_E_SIGNATURE);
    ine_credentials_free(upper);
    ine_credentials_free(credentials);
}

/* Full tags as they say; truncated tags are refused even where they are valid as such. */
static void wycheproof(void **state)
{
    json_error_t error;
    size_t g, t, full = 0, truncated = 0;
    json_t *group, *test;
    (void)state;
    test_needs_shared("vectors/wycheproof-hmac/hmac_sha256_test.json");
    json_t *all =
        json_load_file(INE_SHARED "/vectors/wycheproof-hmac/hmac_sha256_test.json", 0, &error);
    assert_non_null(all);
    json_array_foreach(json_object_get(all, "testGroups"), g, group)
    {
        const bool whole = json_integer_value(json_object_get(group, "tagSize")) == 256;
        json_array_foreach(json_object_get(group, "tests"), t, test)
        {
            const ine_str key = ine__str_of(json_string_value(json_object_get(test, "key")));
            const ine_str msg = ine__str_of(json_string_value(json_object_get(test, "msg")));
            const ine_str tag = ine__str_of(json_string_value(json_object_get(test, "tag")));
            const char *result = json_string_value(json_object_get(test, "result"));
            char *secret = malloc(key.len / 2), *body = malloc(msg.len / 2 + 1);
            assert_true(ine__hex_decode(secret, key.len / 2, key));
            assert_true(ine__hex_decode(body, msg.len / 2, msg));
            ine_credentials *credentials = with_secret(secret, key.len / 2);
            const bool wanted = whole && strcmp(result, "valid") == 0;
            assert_int_equal(verify(credentials, ine__str(body, msg.len / 2), tag),
                             wanted ? INE_OK : INE_E_SIGNATURE);
            *(whole ? &full : &truncated) += 1;
            ine_credentials_free(credentials);
            free(secret);
            free(body);
        }
    }
    assert_int_equal(full, 87);
    assert_int_equal(truncated, 87);
    json_decref(all);
}

/* A1, A2, A6: everything but exactly the 64 digits of the right digest is refused. */
static void a2_hostile_signatures(void **state)
{
    static const ine_str body = {"{\"status\":\"success\"}", 20};
    char right[64], text[200];
    (void)state;
    ine_credentials *credentials = with_secret("secret", 6);
    assert_int_equal(ine__credentials_sign(credentials, body, right, NULL), INE_OK);
    for (size_t len = 0; len < 64; len++)
        assert_int_equal(verify(credentials, body, ine__str(right, len)), INE_E_SIGNATURE);
    assert_int_equal(verify(credentials, body, INE__NONE), INE_E_SIGNATURE);
    for (size_t len = 65; len <= 130; len++) {
        memset(text, '0', sizeof text);
        memcpy(text, right, 64);
        assert_int_equal(verify(credentials, body, ine__str(text, len)), INE_E_SIGNATURE);
    }
    for (size_t i = 0; i < 64; i++) {
        static const char other[] = {0, ' ', '\n', 'g', 'G', '/', ':', '@', '`', (char)0xff, 'x'};
        memcpy(text, right, 64);
        for (size_t k = 0; k < sizeof other; k++) {
            text[i] = other[k];
            assert_int_equal(verify(credentials, body, ine__str(text, 64)), INE_E_SIGNATURE);
        }
        text[i] = right[i] == '0' ? '1' : '0';
        assert_int_equal(verify(credentials, body, ine__str(text, 64)), INE_E_SIGNATURE);
    }
    for (size_t i = 0; i < 64; i++)
        text[i] = right[i] >= 'a' ? (char)(right[i] - 32) : right[i];
    assert_int_equal(verify(credentials, body, ine__str(text, 64)), INE_OK);
    memset(text, '0', 64);
    assert_int_equal(verify(credentials, body, ine__str(text, 64)), INE_E_SIGNATURE);
    memcpy(text, " ", 1);
    memcpy(text + 1, right, 64);
    assert_int_equal(verify(credentials, body, ine__str(text, 65)), INE_E_SIGNATURE);
    ine_credentials_free(credentials);
}

/* A3: the exact bytes count. */
static void a3_other_bytes(void **state)
{
    char signature[64];
    (void)state;
    ine_credentials *credentials = with_secret("secret", 6);
    assert_int_equal(ine__credentials_sign(credentials, INE__STR("{\"a\":1}"), signature, NULL),
                     INE_OK);
    static const char *const others[] = {"{\"a\": 1}", "{\"a\":1}\n",           " {\"a\":1}",
                                         "{\"a\":1",   "\xef\xbb\xbf{\"a\":1}", ""};
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        assert_int_equal(
            verify(credentials, ine__str_of(others[i]), ine__str(signature, sizeof signature)),
            INE_E_SIGNATURE);
    ine_credentials_free(credentials);
}

/* A12: the first secret signs, each of up to eight verifies and is named. */
static void a12_rotation(void **state)
{
    ine_credentials *credentials;
    ine_error *err;
    char signature[64];
    (void)state;
    assert_int_equal(ine_credentials_new(&credentials, NULL, 0, KEY, 36, NULL), INE_OK);
    for (size_t i = 0; i < 8; i++) {
        const char name[2] = {'s', (char)('0' + i)};
        assert_int_equal(ine_credentials_add_secret(credentials, name, 2, name, 2, NULL), INE_OK);
    }
    assert_int_equal(ine_credentials_add_secret(credentials, "s8", 2, "s8", 2, &err), INE_E_LIMIT);
    ine_error_free(err);
    assert_int_equal(ine__credentials_secrets(credentials), 8);
    for (size_t i = 0; i < 8; i++) {
        const char name[2] = {'s', (char)('0' + i)};
        ine_credentials *one = with_secret(name, 2);
        assert_int_equal(ine__credentials_sign(one, INE__STR("body"), signature, NULL), INE_OK);
        assert_int_equal(ine__credentials_verify(credentials, INE__STR("body"),
                                                 ine__str(signature, sizeof signature)),
                         i);
        assert_true(ine__str_eq(ine__credentials_secret_label(credentials, i), ine__str(name, 2)));
        assert_true(ine__str_eq(ine__credentials_secret(credentials, i), ine__str(name, 2)));
        ine_credentials_free(one);
    }
    assert_int_equal(ine__credentials_sign(credentials, INE__STR("body"), signature, NULL), INE_OK);
    assert_int_equal(ine__credentials_verify(credentials, INE__STR("body"),
                                             ine__str(signature, sizeof signature)),
                     0);
    assert_null(ine__credentials_secret_label(credentials, 8).ptr);
    assert_null(ine__credentials_secret(credentials, 8).ptr);
    ine_credentials_free(credentials);
}

static void what_can_not_be_credentials(void **state)
{
    static const char *const keys[] = {"",
                                       "5a4db0c5",
                                       KEY "0",
                                       "5a4db0c5-0000-4000-8000-00000000000g",
                                       "5a4db0c5-0000-4000-8000\r\n0000000001",
                                       "5a4db0c50-000-4000-8000-000000000001"};
    static const char zeros[1025];
    char label[65];
    ine_credentials *credentials = (ine_credentials *)&label;
    ine_error *err;
    (void)state;
    memset(label, 'l', sizeof label);
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        assert_int_equal(ine_credentials_new(&credentials, NULL, 0, keys[i], strlen(keys[i]), &err),
                         INE_E_CONFIG);
        assert_null(credentials);
        assert_int_equal(ine_error_code(err), INE_E_CONFIG);
        ine_error_free(err);
    }
    assert_int_equal(ine_credentials_new(&credentials, NULL, 0, NULL, 0, NULL), INE_E_CONFIG);
    assert_int_equal(ine_credentials_new(NULL, NULL, 0, KEY, 36, NULL), INE_E_ARGUMENT);
    assert_int_equal(ine_credentials_new(&credentials, label, 65, KEY, 36, NULL), INE_E_CONFIG);
    assert_int_equal(ine_credentials_new(&credentials, "a\n", 2, KEY, 36, NULL), INE_E_CONFIG);
    assert_int_equal(ine_credentials_new(&credentials, label, 64, KEY, 36, NULL), INE_OK);
    assert_int_equal(ine__credentials_label(credentials).len, 64);
    assert_true(ine__str_is(ine__credentials_api_key(credentials), KEY));

    char out[64];
    assert_int_equal(ine_credentials_add_secret(NULL, NULL, 0, "a", 1, NULL), INE_E_ARGUMENT);
    assert_int_equal(ine_credentials_add_secret(credentials, NULL, 0, NULL, 1, NULL), INE_E_CONFIG);
    assert_int_equal(ine_credentials_add_secret(credentials, NULL, 0, "", 0, NULL), INE_E_CONFIG);
    for (size_t len = 1; len <= 1025; len++)
        assert_int_equal(ine_credentials_add_secret(credentials, NULL, 0, zeros, len, NULL),
                         INE_E_CONFIG);
    assert_int_equal(ine_credentials_add_secret(credentials, label, 65, "a", 1, NULL),
                     INE_E_CONFIG);
    memset(out, 7, sizeof out);
    assert_int_equal(ine__credentials_sign(credentials, INE__STR("a"), out, NULL), INE_E_STATE);
    assert_int_equal(out[0], 0);
    assert_int_equal(ine_verify_signature(credentials, "a", 1, out, 64, NULL), INE_E_STATE);
    assert_int_equal(ine_verify_signature(NULL, "a", 1, out, 64, NULL), INE_E_ARGUMENT);
    assert_int_equal(ine_verify_signature(credentials, NULL, 1, out, 64, NULL), INE_E_ARGUMENT);

    /* Used as given: white space, NUL and a zero at the end stay. */
    assert_int_equal(ine_credentials_add_secret(credentials, NULL, 0, " a\0", 3, NULL), INE_OK);
    assert_true(ine__str_eq(ine__credentials_secret(credentials, 0), ine__str(" a\0", 3)));
    ine_credentials *other = ine__credentials_share(credentials);
    assert_ptr_equal(other, credentials);
    assert_int_equal(ine_credentials_add_secret(credentials, NULL, 0, "b", 1, NULL), INE_E_STATE);
    ine_credentials_free(other);
    assert_int_equal(ine_credentials_add_secret(credentials, NULL, 0, "b", 1, NULL), INE_OK);
    ine_credentials_free(credentials);
    ine_credentials_free(NULL);
    assert_null(ine__credentials_share(NULL));
}

static void sandbox_keys(void **state)
{
    ine_credentials *credentials;
    (void)state;
    assert_int_equal(ine_credentials_new(&credentials, NULL, 0, KEY, 36, NULL), INE_OK);
    assert_int_equal(ine_credentials_is_sandbox(credentials), 1);
    ine_credentials_free(credentials);
    assert_int_equal(ine_credentials_new(&credentials, NULL, 0,
                                         "5A4DB0C5-0000-4000-8000-000000000001", 36, NULL),
                     INE_OK);
    assert_int_equal(ine_credentials_is_sandbox(credentials), 1);
    ine_credentials_free(credentials);
    assert_int_equal(ine_credentials_new(&credentials, NULL, 0,
                                         "5a4db0c6-0000-4000-8000-000000000001", 36, NULL),
                     INE_OK);
    assert_int_equal(ine_credentials_is_sandbox(credentials), 0);
    ine_credentials_free(credentials);
    assert_int_equal(ine_credentials_is_sandbox(NULL), 0);
}

/* Eight secrets of the greatest length move to larger pages and still are what they were. */
static void the_largest_secrets(void **state)
{
    char secret[1024], signature[64];
    ine_credentials *credentials;
    (void)state;
    assert_int_equal(ine_credentials_new(&credentials, NULL, 0, KEY, 36, NULL), INE_OK);
    for (size_t i = 0; i < 8; i++) {
        memset(secret, (int)i + 1, sizeof secret);
        assert_int_equal(ine_credentials_add_secret(credentials, NULL, 0, secret, 1024, NULL),
                         INE_OK);
    }
    for (size_t i = 0; i < 8; i++) {
        memset(secret, (int)i + 1, sizeof secret);
        assert_true(ine__str_eq(ine__credentials_secret(credentials, i), ine__str(secret, 1024)));
        ine_credentials *one = with_secret(secret, 1024);
        assert_int_equal(ine__credentials_sign(one, INE__STR("x"), signature, NULL), INE_OK);
        assert_int_equal(
            ine__credentials_verify(credentials, INE__STR("x"), ine__str(signature, 64)), i);
        ine_credentials_free(one);
    }
    ine_credentials_free(credentials);
}

/* D1: pages of their own, out of core dumps, seen by a child, wiped before they go. */
static void d1_pages(void **state)
{
    char signature[64], line[512];
    bool found = false, dumped = true;
    (void)state;
    ine_credentials *credentials = with_secret("top secret", 10);
    const ine_str secret = ine__credentials_secret(credentials, 0);
    watched = (const void *)((uintptr_t)secret.ptr & ~(uintptr_t)4095);
    FILE *maps = fopen("/proc/self/smaps", "r");
    assert_non_null(maps);
    while (fgets(line, sizeof line, maps)) {
        unsigned long from, to;
        if (sscanf(line, "%lx-%lx ", &from, &to) == 2)
            found = from <= (uintptr_t)watched && (uintptr_t)watched < to;
        else if (found && strncmp(line, "VmFlags:", 8) == 0)
            dumped = strstr(line, " dd") == NULL;
    }
    fclose(maps);
    assert_false(dumped);

    const pid_t child = fork();
    if (child == 0) {
        const bool same = ine__str_is(ine__credentials_secret(credentials, 0), "top secret") &&
                          ine__credentials_sign(credentials, INE__STR("x"), signature, NULL) == 0 &&
                          verify(credentials, INE__STR("x"), ine__str(signature, 64)) == INE_OK;
        _exit(same ? 0 : 1);
    }
    int status = -1;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);

    ine_credentials *other = ine__credentials_share(credentials);
    ine_credentials_free(credentials);
    assert_int_equal(pages_seen, 0);
    ine_credentials_free(other);
    assert_int_equal(pages_seen, 1);
    assert_int_equal(pages_dirty, 0);
    watched = NULL;
}

static bool fill(void *argument)
{
    ine_credentials *credentials = NULL;
    ine_error *err = NULL;
    (void)argument;
    bool ok = ine_credentials_new(&credentials, "label", 5, KEY, 36, &err) == INE_OK &&
              ine_credentials_add_secret(credentials, NULL, 0, "a", 1, &err) == INE_OK;
    if (!ok)
        assert_int_equal(ine_error_code(err), INE_E_MEMORY);
    ine_error_free(err);
    ine_credentials_free(credentials);
    return ok;
}

static void without_memory(void **state)
{
    ine_error *err;
    char signature[64];
    (void)state;
    test_each_allocation(fill, NULL);
    ine_credentials *credentials = with_secret("a", 1);
    char secret[1024];
    memset(secret, 'x', sizeof secret);
    mmap_fails = true;
    int32_t code = INE_OK;
    for (int i = 0; i < 7 && code == INE_OK; i++)
        code = ine_credentials_add_secret(credentials, NULL, 0, secret, sizeof secret, &err);
    mmap_fails = false;
    assert_int_equal(code, INE_E_MEMORY);
    ine_error_free(err);
    /* What was there still works, and there is room again. */
    assert_int_equal(ine__credentials_sign(credentials, INE__STR("x"), signature, NULL), INE_OK);
    assert_int_equal(verify(credentials, INE__STR("x"), ine__str(signature, 64)), INE_OK);
    assert_int_equal(ine_credentials_add_secret(credentials, NULL, 0, secret, sizeof secret, NULL),
                     INE_OK);
    ine_credentials_free(credentials);
    /* Without the right to lock memory the secrets are kept all the same. */
    mlock_fails = true;
    ine_credentials_free(with_secret("a", 1));
    mlock_fails = false;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(vendor_vectors),
        cmocka_unit_test(wycheproof),
        cmocka_unit_test(a2_hostile_signatures),
        cmocka_unit_test(a3_other_bytes),
        cmocka_unit_test(a12_rotation),
        cmocka_unit_test(what_can_not_be_credentials),
        cmocka_unit_test(sandbox_keys),
        cmocka_unit_test(the_largest_secrets),
        cmocka_unit_test(d1_pages),
        cmocka_unit_test(without_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
