#include "crypto/credentials.h"

#include "crypto/hex.h"
#include "crypto/vault.h"

#include <stdatomic.h>

#define SECRETS    8
#define SECRET_MAX 1024
#define LABEL_MAX  64
#define KEY_SIZE   36

/* What stands in the vault: the states of all secrets, then the secrets one behind the other. */
typedef struct safe {
    ine__hmac_key key[SECRETS];
    struct {
        uint32_t at, len;
    } secret[SECRETS];
    unsigned char bytes[];
} safe;

typedef struct tag {
    char text[LABEL_MAX];
    size_t len;
} tag;

struct ine_credentials {
    atomic_uint owners;
    tag name, secret_name[SECRETS];
    char api_key[KEY_SIZE];
    size_t count, used; /* secrets; bytes of them */
    ine__vault vault;
    ine__budget
        *budget; /* a block of its own: shared by handles that hold the credentials as const */
};

static safe *safe_of(const ine_credentials *credentials)
{
    return credentials->vault.ptr;
}

static bool set_label(tag *to, const char *text, size_t len)
{
    const ine_str view = ine__str(text, len);
    if (view.len > LABEL_MAX || !ine__is_printable(view))
        return false;
    if (view.len)
        memcpy(to->text, view.ptr, view.len);
    to->len = view.len;
    return true;
}

static ine_str label_view(const tag *from)
{
    return (ine_str){from->text, from->len};
}

int32_t ine_credentials_new(ine_credentials **out, const char *label, size_t label_len,
                            const char *api_key, size_t api_key_len, ine_error **err)
{
    ine__error_clear(err);
    if (!out)
        return ine__fail(err, INE_E_ARGUMENT, "no place for the credentials");
    *out = NULL;
    if (!ine__is_uuid(ine__str(api_key, api_key_len)))
        return ine__fail(err, INE_E_CONFIG, "the API key must be a UUID, as the portal shows it");
    ine_credentials *credentials = ine__alloc(sizeof *credentials);
    ine__budget *budget = ine__alloc(sizeof *budget);
    if (!credentials || !budget) {
        ine__free(credentials);
        ine__free(budget);
        return ine__fail_memory(err);
    }
    ine__budget_init(budget);
    credentials->budget = budget;
    atomic_init(&credentials->owners, 1);
    memcpy(credentials->api_key, api_key, KEY_SIZE);
    if (!set_label(&credentials->name, label, label_len)) {
        ine_credentials_free(credentials);
        return ine__fail(err, INE_E_CONFIG, "a label must be at most 64 printable ASCII bytes");
    }
    *out = credentials;
    return INE_OK;
}

ine__budget *ine__credentials_budget(const ine_credentials *credentials)
{
    return credentials->budget;
}

/* Makes room for `more` bytes of secrets: moves everything to larger pages when there is none. */
static bool make_room(ine_credentials *credentials, size_t more)
{
    const size_t need = sizeof(safe) + credentials->used + more;
    ine__vault larger;
    if (need <= credentials->vault.size)
        return true;
    if (!ine__vault_open(&larger, need))
        return false;
    if (credentials->vault.ptr)
        memcpy(larger.ptr, credentials->vault.ptr, sizeof(safe) + credentials->used);
    ine__vault_close(&credentials->vault);
    credentials->vault = larger;
    return true;
}

static bool all_zero(const unsigned char *bytes, size_t len)
{
    unsigned char seen = 0;
    for (size_t i = 0; i < len; i++)
        seen |= bytes[i];
    return seen == 0;
}

int32_t ine_credentials_add_secret(ine_credentials *credentials, const char *label,
                                   size_t label_len, const void *secret, size_t secret_len,
                                   ine_error **err)
{
    ine__error_clear(err);
    if (!credentials)
        return ine__fail(err, INE_E_ARGUMENT, "no credentials");
    if (atomic_load(&credentials->owners) != 1)
        return ine__fail(err, INE_E_STATE, "secrets are added before the credentials are used");
    if (credentials->count == SECRETS)
        return ine__fail(err, INE_E_LIMIT, "credentials hold at most 8 secrets");
    if (!secret || secret_len == 0 || secret_len > SECRET_MAX)
        return ine__fail(err, INE_E_CONFIG, "a secret must be 1 to 1024 bytes");
    if (all_zero(secret, secret_len))
        return ine__fail(err, INE_E_CONFIG, "a secret must not be all zero");
    const size_t index = credentials->count;
    if (!set_label(&credentials->secret_name[index], label, label_len))
        return ine__fail(err, INE_E_CONFIG, "a label must be at most 64 printable ASCII bytes");
    if (!make_room(credentials, secret_len))
        return ine__fail_memory(err);
    safe *in = safe_of(credentials);
    if (!ine__hmac_key_init(&in->key[index], secret, secret_len))
        return ine__fail_memory(err);
    memcpy(in->bytes + credentials->used, secret, secret_len);
    in->secret[index].at = (uint32_t)credentials->used;
    in->secret[index].len = (uint32_t)secret_len;
    credentials->used += secret_len;
    credentials->count++;
    return INE_OK;
}

int32_t ine_credentials_is_sandbox(const ine_credentials *credentials)
{
    const size_t n = sizeof INE__SANDBOX_KEY_PREFIX - 1;
    return credentials &&
           ine__str_ieq(ine__str(credentials->api_key, n), INE__STR(INE__SANDBOX_KEY_PREFIX));
}

ine_credentials *ine__credentials_share(const ine_credentials *credentials)
{
    /* The count of owners is the one thing that changes in credentials that are shared. */
    ine_credentials *shared = (ine_credentials *)(uintptr_t)credentials;
    if (shared)
        atomic_fetch_add(&shared->owners, 1);
    return shared;
}

void ine_credentials_free(ine_credentials *credentials)
{
    if (!credentials || atomic_fetch_sub(&credentials->owners, 1) != 1)
        return;
    ine__vault_close(&credentials->vault);
    ine__free(credentials->budget);
    ine__free_wiped(credentials, sizeof *credentials);
}

ine_str ine__credentials_api_key(const ine_credentials *credentials)
{
    return (ine_str){credentials->api_key, KEY_SIZE};
}

ine_str ine__credentials_label(const ine_credentials *credentials)
{
    return label_view(&credentials->name);
}

size_t ine__credentials_secrets(const ine_credentials *credentials)
{
    return credentials->count;
}

ine_str ine__credentials_secret_label(const ine_credentials *credentials, size_t index)
{
    return index < credentials->count ? label_view(&credentials->secret_name[index]) : INE__NONE;
}

ine_str ine__credentials_secret(const ine_credentials *credentials, size_t index)
{
    if (index >= credentials->count)
        return INE__NONE;
    const safe *in = safe_of(credentials);
    return (ine_str){(const char *)in->bytes + in->secret[index].at, in->secret[index].len};
}

int32_t ine__credentials_mac(const ine_credentials *credentials, ine__hmac *mac, ine_error **err)
{
    if (credentials->count == 0) {
        memset(mac, 0, sizeof *mac);
        return ine__fail(err, INE_E_STATE, "the credentials hold no secret");
    }
    ine__hmac_begin(mac, &safe_of(credentials)->key[0]);
    return INE_OK;
}

int32_t ine__credentials_sign(const ine_credentials *credentials, ine_str data, char out[64],
                              ine_error **err)
{
    ine__hmac mac;
    unsigned char digest[INE__SHA256_SIZE];
    memset(out, 0, 2 * INE__SHA256_SIZE);
    const int32_t code = ine__credentials_mac(credentials, &mac, err);
    if (code != INE_OK)
        return code;
    ine__hmac_add(&mac, data.ptr, data.len);
    if (!ine__hmac_end(&mac, digest))
        return ine__fail_memory(err);
    ine__hex_encode(out, digest, sizeof digest);
    ine__wipe(digest, sizeof digest);
    return INE_OK;
}

int32_t ine__credentials_verify(const ine_credentials *credentials, ine_str body, ine_str signature)
{
    unsigned char claimed[INE__SHA256_SIZE], digest[INE__SHA256_SIZE];
    int32_t found = -1;
    /* Length and alphabet are public; everything behind them takes the same time (A1, A2). */
    if (!ine__hex_decode(claimed, sizeof claimed, signature))
        return -1;
    for (size_t i = credentials->count; i-- > 0;) {
        const bool computed =
            ine__hmac_whole(&safe_of(credentials)->key[i], body.ptr, body.len, digest);
        const int32_t same = -(int32_t)(ine__same_bytes(claimed, digest, sizeof digest) & computed);
        found = (found & ~same) | ((int32_t)i & same);
    }
    ine__wipe(digest, sizeof digest);
    return found;
}

int32_t ine_verify_signature(const ine_credentials *credentials, const void *body, size_t body_len,
                             const char *signature, size_t signature_len, ine_error **err)
{
    ine__error_clear(err);
    if (!credentials || (!body && body_len))
        return ine__fail(err, INE_E_ARGUMENT, "no credentials, or no body");
    if (credentials->count == 0)
        return ine__fail(err, INE_E_STATE, "the credentials hold no secret");
    const ine_str view = ine__str(body, body_len);
    if (ine__credentials_verify(credentials, view, ine__str(signature, signature_len)) < 0)
        return ine__fail(err, INE_E_SIGNATURE, "the signature is not right for these bytes");
    return INE_OK;
}
