/* The first step: everything that can be seen without sending, and the first bytes of media that
 * the host feeds. */
#include "proto/flow.h"

static bool begin(ine_flow *flow)
{
    ine_error *error = NULL;
    if (ine_verification_check(flow->verification, flow->options, &flow->report, &error) == INE_OK)
        return true;
    ine__flow_fail(flow, error);
    return false;
}

static void end(ine_flow *flow)
{
    ine_error *error = NULL;
    flow->media_index = 0;
    if (ine_report_errors(flow->report)) {
        ine__report_fail(&error, flow->report);
        flow->report = NULL;
        ine__flow_fail(flow, error);
        return;
    }
    flow->state = INE__F_CREATE;
}

/* The image whose first bytes are wanted; false: all have been seen. */
static bool find_source(ine_flow *flow)
{
    for (; ine__flow_context(flow); flow->media_index++) {
        const ine__media *media = ine__flow_current(flow);
        if (media->from == INE__MEDIA_SOURCE && media->size > 0)
            return true;
    }
    return false;
}

static bool uses_path(const ine_flow *flow)
{
    for (size_t i = 0; i < INE__MEDIA; i++) {
        if (flow->product->media[i] &&
            flow->verification->media[flow->product->media[i]].from == INE__MEDIA_PATH)
            return true;
    }
    return false;
}

static size_t wanted(const ine_flow *flow)
{
    const uint64_t size = ine__flow_current(flow)->size;
    return (size < INE__HEAD_SIZE ? (size_t)size : INE__HEAD_SIZE) - flow->head_len;
}

bool ine__flow_check(ine_flow *flow, int64_t *a, int64_t *b)
{
    if (uses_path(flow)) {
        ine__flow_fail_with(flow, INE_E_STATE, "only ine_client reads media from a path");
        return false;
    }
    if (!ine__option(flow->options, INE_OPT_LOCAL_CHECKS)) {
        flow->state = INE__F_CREATE;
        return false;
    }
    if (!flow->report && !begin(flow))
        return false;
    if (!find_source(flow)) {
        end(flow);
        return false;
    }
    *a = (int64_t)flow->head_len;
    *b = (int64_t)wanted(flow);
    return true;
}

void ine__flow_check_feed(ine_flow *flow, const void *data, size_t len)
{
    if (len == 0 || len > wanted(flow)) {
        ine__flow_fail_with(flow, INE_E_MEDIA_READ,
                            len ? "more media came than was asked for"
                                : "the media ended before its size");
        return;
    }
    memcpy(flow->head + flow->head_len, data, len);
    flow->head_len += len;
    if (wanted(flow) > 0)
        return;
    const ine_str head = ine__str(flow->head, flow->head_len);
    if (!ine__report_image(flow->report, ine__flow_context(flow), head,
                           ine__flow_current(flow)->size, flow->options)) {
        ine__flow_fail_with(flow, INE_E_MEMORY, "out of memory");
        return;
    }
    flow->head_len = 0;
    flow->media_index++;
}
