/* What is wrong with a webhook on purpose: the choices of the switch `webhook_fault`. */
#ifndef INE_SANDBOX_HOOKS_H
#define INE_SANDBOX_HOOKS_H

#include "internal.h"

/* In the order of the switch's choices (switches.c). */
enum {
    INE__SB_HOOK_RIGHT,
    INE__SB_HOOK_DUPLICATE,
    INE__SB_HOOK_OLD_SECRET,
    INE__SB_HOOK_WRONG_SIGNATURE,
    INE__SB_HOOK_OTHER_TENANT,
    INE__SB_HOOK_REINDENTED,
    INE__SB_HOOK_UNSIGNED,
    INE__SB_HOOK_X_SIGNATURE,
    INE__SB_HOOK_HUNDRED,
    INE__SB_HOOK_REORDERED,
    INE__SB_HOOK_UPPER_CASE,
    INE__SB_HOOK_SPACES,
    INE__SB_HOOK_TWICE,
    INE__SB_HOOK_NO_KEY,
    INE__SB_HOOK_CRLF,
    INE__SB_HOOK_TRAILING_NEWLINE,
    INE__SB_HOOK_BOM,
    INE__SB_HOOK_GZIP,
    INE__SB_HOOK_LARGE
};

/* Times that it is sent. */
int ine__sb_hook_copies(int64_t fault);
/* How long after its time it is sent (F65). */
int64_t ine__sb_hook_delay(const ine_sandbox *sandbox, const ine__sb_integration *who,
                           int32_t kind);
/* Headers and body as the delivery's fault has them. */
bool ine__sb_dress(ine_sandbox *sandbox, const ine__sb_integration *who, const ine__sb_delivery *d,
                   ine_sandbox_webhook *out);

#endif
