#include "person.h"

#include "jpeg.h"
#include "words.h"

#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

/* Above the vendor's limit, so that the library says what is too large. */
#define IMAGE_MAX (25u * 1024 * 1024)

static const struct {
    int32_t option, context;
} images[CLI_IMAGES] = {
    {OPT_SELFIE, INE_MEDIA_FACE},
    {OPT_DOCUMENT_FRONT, INE_MEDIA_DOCUMENT_FRONT},
    {OPT_DOCUMENT_BACK, INE_MEDIA_DOCUMENT_BACK},
};

static void read_image(cli *run, cli_person *person, size_t index, cli_problems *problems)
{
    const char *path = run->args.value[images[index].option];
    cli_file *image = &person->image[index];
    ine_error *error;
    const bool draw = !path && person->draw && images[index].context == INE_MEDIA_FACE;
    if (!path && !draw)
        return;
    const char *wrong = draw ? cli_jpeg_draw(image) : cli_file_read(image, path, IMAGE_MAX);
    if (wrong) {
        cli_problem_add(problems, ine_name(INE_NAMES_INPUT, INE_IN_SELFIE).ptr, "UNREADABLE",
                        wrong);
        return;
    }
    if (ine_verification_set_media(person->verification, images[index].context, image->data,
                                   image->len, &error) != INE_OK)
        cli_problem_error(problems, ine_name(INE_NAMES_INPUT, INE_IN_SELFIE).ptr, error);
}

static void set_text(cli_person *person, int32_t input, const char *text, cli_problems *problems)
{
    ine_error *error;
    if (text && ine_verification_set_text(person->verification, input, text, strlen(text),
                                          &error) != INE_OK)
        cli_problem_error(problems, ine_name(INE_NAMES_INPUT, input).ptr, error);
}

/* An id of this run, by which a session can be found again when a reply is lost. */
static const char *make_vendor_data(cli_person *person)
{
    unsigned char bytes[12];
    if (getrandom(bytes, sizeof bytes, 0) != (ssize_t)sizeof bytes)
        return NULL;
    size_t at = (size_t)snprintf(person->vendor_data, sizeof person->vendor_data, "ine-cli-");
    for (size_t i = 0; i < sizeof bytes; i++)
        at += (size_t)snprintf(person->vendor_data + at, sizeof person->vendor_data - at, "%02x",
                               bytes[i]);
    return person->vendor_data;
}

static int32_t product_of(cli *run, cli_problems *problems)
{
    const char *name = run->args.value[OPT_PRODUCT];
    const int32_t product = name ? ine_value(INE_NAMES_PRODUCT, name, strlen(name)) : -1;
    if (product > 0)
        return product;
    if (name)
        cli_problem_add(problems, "--product", "VALUE",
                        "there are mx_ine, ine_biometric and ine_registry");
    return INE_PRODUCT_MX_INE;
}

static bool standard_input_twice(cli *run)
{
    static const int32_t options[] = {OPT_SELFIE, OPT_DOCUMENT_FRONT, OPT_DOCUMENT_BACK,
                                      OPT_SECRET_FILE};
    int32_t count = 0;
    for (size_t i = 0; i < sizeof options / sizeof *options; i++) {
        const char *path = run->args.value[options[i]];
        count += path && strcmp(path, "-") == 0;
    }
    return count > 1;
}

void cli_person_read(cli *run, cli_person *person, const ine_options *options,
                     cli_problems *problems)
{
    ine_error *error = NULL;
    if (ine_verification_new(&person->verification, product_of(run, problems), &error) != INE_OK) {
        cli_problem_error(problems, "product", error);
        return;
    }
    if (standard_input_twice(run)) {
        cli_problem_add(problems, "-", "VALUE", "standard input can be read for one option only");
        return;
    }
    for (int32_t i = 0; i < CLI_OPTIONS; i++) {
        if (cli_options[i].input)
            set_text(person, cli_options[i].input, run->args.value[i], problems);
    }
    if (!run->args.value[OPT_VENDOR_DATA])
        set_text(person, INE_IN_VENDOR_DATA, make_vendor_data(person), problems);
    if (run->args.value[OPT_CONSENT] &&
        ine_verification_set_number(person->verification, INE_IN_CONSENT, 1, &error) != INE_OK)
        cli_problem_error(problems, "consents", error);
    for (size_t i = 0; i < CLI_IMAGES; i++)
        read_image(run, person, i, problems);
    if (ine_verification_check(person->verification, options, &person->report, &error) != INE_OK)
        cli_problem_error(problems, "verification", error);
    cli_problems_report(problems, person->report);
}

void cli_person_selfie(cli *run, cli_person *person, cli_problems *problems)
{
    ine_error *error = NULL;
    if (!run->args.value[OPT_SELFIE])
        return;
    if (ine_verification_new(&person->verification, INE_PRODUCT_MX_INE, &error) != INE_OK) {
        cli_problem_error(problems, "product", error);
        return;
    }
    read_image(run, person, 0, problems);
}

void cli_person_default(cli *run, int32_t option, const char *text)
{
    if (!run->args.value[option])
        run->args.value[option] = text;
}

void cli_person_say(cli *run, const cli_person *person)
{
    if (!*person->vendor_data)
        return;
    cli_put(&run->err, cli_word(run->language, WORD_VENDOR_DATA));
    cli_put(&run->err, ": ");
    cli_put(&run->err, person->vendor_data);
    cli_put(&run->err, "\n");
    fflush(run->err.file);
}

void cli_person_free(cli_person *person)
{
    ine_verification_free(person->verification);
    ine_report_free(person->report);
    for (size_t i = 0; i < CLI_IMAGES; i++)
        cli_file_free(&person->image[i]);
    *person = (cli_person){.verification = NULL};
}
