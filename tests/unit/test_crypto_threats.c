/*
 * A1, D1, D2: what secrets leave behind in time and in memory. Under valgrind the secrets count as
 * uninitialised: a branch or an address that depends on one is an error (tests/house runs it so).
 */
#include "support.h"

#include "crypto/credentials.h"

#include <pthread.h>
#include <sys/mman.h>

#if __has_include(<valgrind/memcheck.h>)
#include <valgrind/memcheck.h>
#else
#define VALGRIND_MAKE_MEM_UNDEFINED(at, len) ((void)(at), (void)(len))
#define VALGRIND_MAKE_MEM_DEFINED(at, len)   ((void)(at), (void)(len))
#define VALGRIND_COUNT_ERRORS                0u
#endif

/* gcc says it by a macro, clang by a feature. */
#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SANITIZED 1
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANITIZED 1
#endif

#define KEY    "5a4db0c5-0000-4000-8000-000000000001"
#define SECRET "Zq8#vT2!mX6$kR4%"
#define BODY   "{\"verification\":{\"status\":\"submitted\"}}"

static ine_credentials *new_credentials(void)
{
    ine_credentials *credentials;
    assert_int_equal(ine_credentials_new(&credentials, NULL, 0, KEY, 36, NULL), INE_OK);
    assert_int_equal(
        ine_credentials_add_secret(credentials, NULL, 0, SECRET, sizeof SECRET - 1, NULL), INE_OK);
    assert_int_equal(ine_credentials_add_secret(credentials, NULL, 0, "another secret", 14, NULL),
                     INE_OK);
    return credentials;
}

/* Marks what a secret has become in the page of the credentials as secret, or as known again. */
static void mark(const ine_credentials *credentials, const char *secret, bool as_secret)
{
    ine__hmac_key key;
    char *page =
        (char *)((uintptr_t)ine__credentials_secret(credentials, 0).ptr & ~(uintptr_t)4095);
    if (!as_secret)
        VALGRIND_MAKE_MEM_DEFINED(page, 4096);
    assert_true(ine__hmac_key_init(&key, secret, strlen(secret)));
#ifdef INE_SHA256_EVP
    char *at[] = {memmem(page, 4096, key.block, sizeof key.block)};
    const size_t len = sizeof key.block;
#else
    char *at[] = {memmem(page, 4096, key.inner.h, sizeof key.inner.h),
                  memmem(page, 4096, key.outer.h, sizeof key.outer.h)};
    const size_t len = sizeof key.inner.h;
#endif
    for (size_t i = 0; i < sizeof at / sizeof at[0]; i++) {
        assert_non_null(at[i]);
        if (as_secret)
            VALGRIND_MAKE_MEM_UNDEFINED(at[i], len);
    }
}

static void A1_a_compare_does_not_look_at_secrets(void **state)
{
    char right[65] = {0}, wrong[64];
    ine_credentials *credentials = new_credentials();
    (void)state;
    assert_int_equal(ine__credentials_sign(credentials, INE__STR(BODY), right, NULL), INE_OK);
    mark(credentials, SECRET, true);
    const unsigned errors = VALGRIND_COUNT_ERRORS;
    for (size_t at = 0; at <= 64; at++) {
        memcpy(wrong, right, 64);
        if (at < 64)
            wrong[at] = wrong[at] == '0' ? '1' : '0';
        int32_t found = ine__credentials_verify(credentials, INE__STR(BODY), ine__str(wrong, 64));
        VALGRIND_MAKE_MEM_DEFINED(&found, sizeof found);
        assert_int_equal(found, at < 64 ? -1 : 0);
    }
    assert_int_equal(VALGRIND_COUNT_ERRORS, errors);
    mark(credentials, SECRET, false);
    ine_credentials_free(credentials);
}

static void A1_bytes_are_compared_without_a_branch(void **state)
{
    unsigned char a[32], b[32];
    (void)state;
    const unsigned errors = VALGRIND_COUNT_ERRORS;
    for (size_t at = 0; at <= 32; at++) {
        memset(a, 0x5a, sizeof a);
        memset(b, 0x5a, sizeof b);
        if (at < 32)
            b[at] ^= 1;
        VALGRIND_MAKE_MEM_UNDEFINED(a, sizeof a);
        VALGRIND_MAKE_MEM_UNDEFINED(b, sizeof b);
        bool same = ine__same_bytes(a, b, sizeof a);
        VALGRIND_MAKE_MEM_DEFINED(&same, sizeof same);
        assert_int_equal(same, at == 32);
    }
    assert_int_equal(VALGRIND_COUNT_ERRORS, errors);
}

/* ---- what is left on the stack ---- */

#define STACK (512u * 1024)

/* Any 8 bytes in a row of `needle`, as they are or as one of the pads of HMAC. */
__attribute__((no_sanitize("address"))) static bool holds(const unsigned char *memory, size_t size,
                                                          const char *needle, size_t len)
{
    static const unsigned char pads[] = {0, 0x36, 0x5c};
    for (size_t at = 0; at + 8 <= size; at++) {
        for (size_t from = 0; from + 8 <= len; from++) {
            for (size_t p = 0; p < sizeof pads; p++) {
                size_t n = 0;
                while (n < 8 && memory[at + n] == ((unsigned char)needle[from + n] ^ pads[p]))
                    n++;
                if (n == 8)
                    return true;
            }
        }
    }
    return false;
}

/* What a thread does, far down on its stack, where its end does not write. */
typedef struct work {
    void (*what)(const struct work *work);
    ine_credentials *credentials;
    bool wipe;
} work;

static void *far_down(void *argument)
{
    const work *todo = argument;
    char room[65536];
    __asm__ volatile("" : : "r"(room) : "memory");
    todo->what(todo);
    __asm__ volatile("" : : "r"(room) : "memory");
    return NULL;
}

/* Does the work on a stack of its own, and says whether the secret can be found there then. */
static bool leaves_the_secret(work todo)
{
    pthread_attr_t attributes;
    pthread_t thread;
    void *stack =
        mmap(NULL, STACK, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
    assert_true(stack != MAP_FAILED);
    assert_int_equal(pthread_attr_init(&attributes), 0);
    assert_int_equal(pthread_attr_setstack(&attributes, stack, STACK), 0);
    assert_int_equal(pthread_create(&thread, &attributes, far_down, &todo), 0);
    pthread_join(thread, NULL);
    pthread_attr_destroy(&attributes);
    VALGRIND_MAKE_MEM_DEFINED(stack, STACK);
    const bool found = holds(stack, STACK, SECRET, sizeof SECRET - 1);
    munmap(stack, STACK);
    return found;
}

static void prepare_key(const work *todo)
{
    ine__hmac_key key;
    (void)todo;
    ine__hmac_key_init(&key, SECRET, sizeof SECRET - 1);
    ine__wipe(&key, sizeof key);
}

static void add(const work *todo)
{
    ine_credentials_add_secret(todo->credentials, NULL, 0, SECRET, sizeof SECRET - 1, NULL);
}

static void sign(const work *todo)
{
    char signature[64];
    ine__credentials_sign(todo->credentials, INE__STR(BODY), signature, NULL);
}

static void verify(const work *todo)
{
    ine__credentials_verify(todo->credentials, INE__STR(BODY), INE__STR(BODY BODY));
}

static void pseudonym(const work *todo)
{
    char out[32];
    (void)todo;
    ine_pseudonym(SECRET, sizeof SECRET - 1, "GARJ000000HMCRLP00", 18, out, NULL);
}

/* Wipes as ine__wipe() does, or not at all. */
static void copy_and_wipe(const work *todo)
{
    char copy[sizeof SECRET];
    memcpy(copy, SECRET, sizeof copy);
    __asm__ volatile("" : : "r"(copy) : "memory");
    if (todo->wipe)
        ine__wipe(copy, sizeof copy);
}

static void D1_no_secret_stays_on_the_stack(void **state)
{
    static void (*const all[])(const work *) = {prepare_key, add, sign, verify, pseudonym};
    (void)state;
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        ine_credentials *credentials = new_credentials();
        if (leaves_the_secret((work){.what = all[i], .credentials = credentials}))
            fail_msg("number %zu leaves the secret behind", i);
        ine_credentials_free(credentials);
    }
}

/* In the optimised build; the first half shows that a secret that is not wiped would be found. */
static void D2_a_wipe_before_the_end_is_done(void **state)
{
    (void)state;
#ifndef SANITIZED
    assert_true(leaves_the_secret((work){.what = copy_and_wipe}));
#endif
    assert_false(leaves_the_secret((work){.what = copy_and_wipe, .wipe = true}));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(A1_a_compare_does_not_look_at_secrets),
        cmocka_unit_test(A1_bytes_are_compared_without_a_branch),
        cmocka_unit_test(D1_no_secret_stays_on_the_stack),
        cmocka_unit_test(D2_a_wipe_before_the_end_is_done),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
