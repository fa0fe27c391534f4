/* The first step: everything that can be seen without sending, media that the host feeds
 * included. */
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

static bool look(ine_flow *flow)
{
    if (flow->inspect)
        return true;
    flow->inspect = ine__alloc(sizeof *flow->inspect);
    if (!flow->inspect) {
        ine__flow_fail_with(flow, INE_E_MEMORY, "out of memory");
        return false;
    }
    ine__inspect_init(flow->inspect, ine__flow_current(flow), flow->options);
    return true;
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
    uint64_t offset;
    size_t most;
    if (!look(flow))
        return false;
    ine__inspect_want(flow->inspect, &offset, &most);
    *a = (int64_t)offset;
    *b = (int64_t)most;
    return true;
}

static void drop(ine_flow *flow)
{
    ine__free_wiped(flow->inspect, sizeof *flow->inspect);
    flow->inspect = NULL;
}

int32_t ine__flow_check_feed(ine_flow *flow, const void *data, size_t len, ine_error **err)
{
    uint64_t offset;
    size_t most;
    if (!ine__inspect_want(flow->inspect, &offset, &most) || len > most)
        return ine__fail(err, INE_E_ARGUMENT, "more media than was wanted");
    ine__inspect_feed(flow->inspect, data, len);
    if (flow->inspect->early) {
        ine__flow_fail_with(flow, INE_E_MEDIA_READ, "the media ended before its size");
    } else if (!ine__inspect_want(flow->inspect, &offset, &most)) {
        if (!ine__inspect_report(flow->inspect, ine__flow_context(flow), flow->options,
                                 flow->report))
            ine__flow_fail_with(flow, INE_E_MEMORY, "out of memory");
        drop(flow);
        flow->media_index++;
    }
    return INE_OK;
}
