/* Where does a session stand? Decision, then attempts, then its media; from there a flow goes on.
 */
#include "proto/flow.h"

static bool is_one_of(ine_str status, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (ine__str_ieq(status, ine__str_of(names[i])))
            return true;
    }
    return false;
}

/* Statuses in which a session still takes media. */
static bool is_open(ine_str status)
{
    static const char *const open[] = {"created", "started", "resubmission_requested"};
    return !status.ptr || is_one_of(status, open, sizeof open / sizeof open[0]);
}

void ine__flow_standing(ine_flow *flow, ine_decision *decision, ine_error *error)
{
    ine_str status;
    if (error) {
        const bool card = flow->product->result_call == INE_CALL_INE_REGISTRY;
        if (!card || ine_error_code(error) != INE_E_NOT_FOUND) {
            ine__flow_fail(flow, error);
            return;
        }
        ine_error_free(error);
        flow->state = INE__F_ATTEMPTS;
        return;
    }
    if (ine__flow_decide(flow, decision))
        return;
    ine_decision_field(decision, INE_D_SESSION_STATUS, &status, NULL);
    const bool open = is_open(status);
    ine_decision_free(decision);
    if (open)
        flow->state = INE__F_ATTEMPTS;
    else
        ine__flow_wait(flow);
}

void ine__flow_attempted(ine_flow *flow, ine_decision *decision, ine_error *error)
{
    ine_str status = INE__NONE;
    if (error) {
        ine__flow_fail(flow, error);
        return;
    }
    if (ine_decision_count(decision, INE_LIST_ATTEMPTS) > 0) /* newest first */
        ine_decision_item(decision, INE_LIST_ATTEMPTS, 0, INE_ITEM_STATUS, &status, NULL);
    const bool open = is_open(status);
    ine_decision_free(decision);
    if (open)
        flow->state = INE__F_MEDIA_LIST;
    else
        ine__flow_wait(flow);
}

int64_t ine__flow_count(const ine_decision *list, int32_t context, uint64_t size, bool *fits)
{
    const ine_str wanted = ine_name(INE_NAMES_MEDIA, context);
    const size_t count = ine_decision_count(list, INE_LIST_IMAGES);
    int64_t found = 0;
    *fits = false;
    for (size_t i = 0; i < count; i++) {
        ine_str name;
        int64_t bytes;
        ine_decision_item(list, INE_LIST_IMAGES, i, INE_ITEM_CONTEXT, &name, NULL);
        if (!name.ptr || !ine__str_ieq(name, wanted))
            continue;
        found++;
        /* the vendor may reduce an image, but never makes it larger */
        const int32_t state =
            ine_decision_item(list, INE_LIST_IMAGES, i, INE_ITEM_SIZE, NULL, &bytes);
        *fits = *fits || state != INE_FIELD_PRESENT || (bytes > 0 && (uint64_t)bytes <= size);
    }
    return found;
}

static bool can_upload(const ine_flow *flow, int32_t context)
{
    return flow->verification && flow->verification->media[context].from != INE__MEDIA_NONE;
}

static void ask_for_media(ine_flow *flow)
{
    ine_error *error =
        ine__error_new(INE_E_STATE, "the session still needs an image that was not given");
    ine__error_field(error, ine_name(INE_NAMES_INPUT, INE_IN_SELFIE),
                     INE__STR("resume with a verification that holds the selfie"));
    ine__flow_fail(flow, error);
}

void ine__flow_listed(ine_flow *flow, ine_decision *decision, ine_error *error)
{
    bool fits;
    if (error && ine_error_code(error) != INE_E_NOT_FOUND) {
        ine__flow_fail(flow, error);
        return;
    }
    ine_error_free(error); /* 404: the session is there, so there are no media yet */
    for (int32_t context = 1; context <= INE__MEDIA; context++)
        flow->known[context] = decision ? ine__flow_count(decision, context, 0, &fits) : 0;
    ine_decision_free(decision);
    for (int32_t context = 1; context <= INE__MEDIA; context++) {
        const bool needed = (flow->product->media_required >> context & 1) != 0;
        if (needed && flow->known[context] == 0 && !can_upload(flow, context)) {
            ask_for_media(flow);
            return;
        }
    }
    flow->media_index = 0;
    ine__flow_next_media(flow);
}
