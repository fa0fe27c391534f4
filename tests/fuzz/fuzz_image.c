/* Sniffing and walking an image: whole and in small pieces with the same end, and a plan that stays
 * inside the image. */
#include "fuzz.h"

#include "identity/image.h"
#include "identity/imagewalk.h"

static void walk_through(ine__walk *walk, const uint8_t *data, size_t size, size_t piece)
{
    uint64_t offset;
    size_t len;
    ine__walk_init(walk, ine__image_sniff(ine__str((const char *)data, size)), size);
    for (size_t steps = 0; ine__walk_next(walk, &offset, &len); steps++) {
        MUST(steps < 10000000 && offset <= size && len <= size - offset);
        const size_t n = len < piece ? len : piece;
        ine__walk_feed(walk, data + offset, n);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static ine__walk whole, pieces;
    ine_report *report;
    walk_through(&whole, data, size, SIZE_MAX);
    walk_through(&pieces, data, size, 1);
    MUST(whole.status == pieces.status && whole.width == pieces.width);
    MUST(whole.orientation == pieces.orientation && whole.status != INE__WALK_WORKING);
    MUST(whole.plan.size == pieces.plan.size);
    report = ine__report_new();
    MUST(report && ine__report_image_walk(report, &whole, NULL));
    ine_report_free(report);
    return 0;
}
