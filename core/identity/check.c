/* The local checks of a verification: one table of inputs and their rules; every problem at once.
 */
#include "identity/image.h"
#include "identity/imagewalk.h"
#include "identity/rules.h"

#include <time.h>

static const struct {
    int32_t input;
    void (*rule)(ine__check *check);
    const char *missing; /* hint when it is required */
} rules[] = {
    {INE_IN_CIC, ine__rule_cic, "the CIC is missing: 9 digits, on the back of the card"},
    {INE_IN_CURP, ine__rule_curp, NULL},
    {INE_IN_FIRST_NAME, ine__rule_name, NULL},
    {INE_IN_LAST_NAME, ine__rule_name, NULL},
    {INE_IN_SECOND_LAST_NAME, ine__rule_name, NULL},
    {INE_IN_FIRST_ISSUE, ine__rule_date, NULL},
    {INE_IN_VALID_FROM, ine__rule_date, NULL},
    {INE_IN_DOCUMENT_COUNTRY, ine__rule_country, "the document's country is missing: MX"},
    {INE_IN_DOCUMENT_TYPE, ine__rule_type, "the document's type is missing: ID_CARD"},
    {INE_IN_VENDOR_DATA, ine__rule_vendor_data,
     "vendorData is missing: an identifier of your own, by which a lost reply is found again"},
    {INE_IN_END_USER_ID, ine__rule_uuid, NULL},
    {INE_IN_CALLBACK, ine__rule_callback, NULL},
    {INE_IN_CONSENT_TEXT_VERSION, ine__rule_note, NULL},
    {INE_IN_CONSENT_CHANNEL, ine__rule_note, NULL},
    {INE_IN_MEDIA_TIMESTAMP, ine__rule_timestamp, NULL},
    {INE_IN_VERSION, ine__rule_version, NULL},
    {INE_IN_DATE_OF_BIRTH, ine__rule_date, NULL},
    {INE_IN_GENDER, ine__rule_gender, NULL},
};

void ine__found(ine__check *check, int32_t problem, bool is_error, const char *hint)
{
    if (!ine__report_add(check->report, check->input, problem, is_error, hint))
        check->failed = true;
}

static bool is_in(int64_t set, int32_t input)
{
    return (set >> input & 1) != 0;
}

static void check_text(ine__check *check, size_t row)
{
    const int32_t input = rules[row].input;
    const bool required = is_in(check->product->required, input);
    check->input = input;
    check->text = check->verification->text[input];
    if (required && check->text.len == 0)
        ine__found(check, INE_PROBLEM_REQUIRED, true, rules[row].missing);
    if (!check->text.ptr || !is_in(check->product->required | check->product->optional, input))
        return; /* not set; or not used, which check_unused() says */
    if (!ine__is_utf8(check->text) || ine__has_nul(check->text))
        ine__found(check, INE_PROBLEM_ENCODING, true, "the text must be UTF-8 without NUL");
    else if (check->text.len)
        rules[row].rule(check);
    else if (!required)
        ine__found(check, INE_PROBLEM_LENGTH, true, "it is empty; leave it out instead");
}

static void check_consent(ine__check *check)
{
    const int64_t consent = check->verification->number[INE_IN_CONSENT];
    check->input = INE_IN_CONSENT;
    if (consent == 1 || (consent < 0 && !check->product->consent))
        return;
    ine__found(check, INE_PROBLEM_CONSENT, true,
               consent < 0 ? "the person's consent to the INE check is missing; ask for it, then "
                             "set it to 1"
                           : "without the person's consent the INE check can not be made");
}

static void check_unused(ine__check *check)
{
    const int64_t used = check->product->required | check->product->optional;
    const int64_t unused = ine__verification_sent(check->verification) & ~used;
    for (int32_t input = 1; input < INE__INPUTS; input++) {
        check->input = input;
        if (is_in(unused, input))
            ine__found(check, INE_PROBLEM_UNUSED, false, "this product does not use this input");
    }
}

bool ine__report_image(ine_report *report, int32_t context, ine_str head, uint64_t size,
                       const ine_options *options)
{
    (void)options;
    const int32_t image = head.ptr ? ine__image_sniff(head) : INE__IMAGE_UNKNOWN;
    /* as long as nothing of a document is known it may be a PDF, whose limit is the higher one */
    const bool may_be_pdf = !head.ptr && context != INE_MEDIA_FACE;
    bool ok = true;
    if (size == 0)
        return ine__report_add(report, INE_IN_SELFIE, INE_PROBLEM_EMPTY, true, "the file is empty");
    if (!ine__image_fits(may_be_pdf ? INE__IMAGE_PDF : image, size))
        ok = ine__report_add(report, INE_IN_SELFIE, INE_PROBLEM_TOO_LARGE, true,
                             "images must stay below 24 MB of base64, about 17.9 MB as a file, and "
                             "PDF below 20 MB");
    if (image == INE__IMAGE_PDF && ok) {
        const bool face = context == INE_MEDIA_FACE;
        ok = ine__report_add(report, INE_IN_SELFIE, INE_PROBLEM_PDF, face,
                             face ? "a PDF can not be a selfie; send a photograph"
                                  : "PDF must be agreed with the vendor first");
    }
    if (head.ptr && image == INE__IMAGE_UNKNOWN && ok)
        ok = ine__report_add(report, INE_IN_SELFIE, INE_PROBLEM_NOT_AN_IMAGE, true,
                             "this is not a JPEG, PNG, WebP, HEIC, HEIF or PDF by its content");
    return ok;
}

static const char *missing_media(int32_t context)
{
    static const char *const hints[INE__MEDIA + 1] = {
        [INE_MEDIA_FACE] = "the selfie is missing",
        [INE_MEDIA_DOCUMENT_FRONT] = "the image of the front of the document is missing",
        [INE_MEDIA_DOCUMENT_BACK] = "the image of the back of the document is missing",
    };
    return hints[context];
}

static bool is_uploaded(const ine__product *product, int32_t context)
{
    for (size_t i = 0; i < INE__MEDIA; i++) {
        if (product->media[i] == context)
            return true;
    }
    return false;
}

/* The structure of an image that is all here. False without memory. */
static bool walk_image(ine__check *check, ine_str image)
{
    ine__walk walk;
    const int32_t kind = ine__image_sniff(image);
    if (kind == INE__IMAGE_UNKNOWN || !ine__image_fits(kind, image.len))
        return true; /* said already */
    ine__walk_init(&walk, kind, image.len);
    ine__walk_feed_block(&walk, 0, image.ptr, image.len);
    return ine__report_image_walk(check->report, &walk, check->options);
}

/* A file is opened by whoever sends it: nothing here does I/O. */
static void check_media(ine__check *check, int32_t context)
{
    const ine__media *media = &check->verification->media[context];
    check->input = INE_IN_SELFIE;
    if (media->from == INE__MEDIA_NONE) {
        if (is_in(check->product->media_required, context))
            ine__found(check, INE_PROBLEM_REQUIRED, true, missing_media(context));
        return;
    }
    if (!is_uploaded(check->product, context)) {
        ine__found(check, INE_PROBLEM_UNUSED, false, "this product does not use this image");
        return;
    }
    if (media->from == INE__MEDIA_PATH)
        return;
    const ine_str head =
        media->from == INE__MEDIA_MEMORY ? ine__str(media->data, (size_t)media->size) : INE__NONE;
    if (!ine__report_image(check->report, context, head, media->size, check->options) ||
        (head.len && !walk_image(check, head)))
        check->failed = true;
}

ine__date ine__today(const ine_options *options)
{
    ine__date date;
    const int64_t set = ine__option(options, INE_OPT_TODAY);
    if (set && ine__date_from_number(set, &date))
        return date;
    return ine__date_from_days((int64_t)time(NULL) / 86400);
}

int32_t ine_verification_check(const ine_verification *verification, const ine_options *options,
                               ine_report **out, ine_error **err)
{
    ine__error_clear(err);
    if (out)
        *out = NULL;
    if (!out || !verification)
        return ine__fail(err, INE_E_ARGUMENT, "no verification, or no place for the report");
    ine__check check = {
        .verification = verification,
        .product = ine__product_find(verification->product),
        .options = options,
        .report = ine__report_new(),
        .strict = ine__option(options, INE_OPT_STRICT),
        .today = ine__today(options),
    };
    if (!check.report)
        return ine__fail_memory(err);
    for (size_t row = 0; row < sizeof rules / sizeof rules[0]; row++)
        check_text(&check, row);
    ine__rule_consistency(&check);
    check_consent(&check);
    for (int32_t context = 1; context <= INE__MEDIA; context++)
        check_media(&check, context);
    check_unused(&check);
    if (check.failed) {
        ine_report_free(check.report);
        return ine__fail_memory(err);
    }
    *out = check.report;
    return INE_OK;
}
