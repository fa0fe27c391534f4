/* The person and the images of a verification, from the command line. */
#ifndef INE_CLI_PERSON_H
#define INE_CLI_PERSON_H

#include "file.h"
#include "problems.h"

#define CLI_IMAGES 3

typedef struct cli_person {
    ine_verification *verification;
    cli_file image[CLI_IMAGES];
    ine_report *report;
    char vendor_data[48]; /* when this program made it up */
    bool draw;            /* a picture of our own where no selfie is given */
} cli_person;

/* Reads inputs and images and checks everything that can be checked here. `person` is zeroed but
 * for `draw`. */
void cli_person_read(cli *run, cli_person *person, const ine_options *options,
                     cli_problems *problems);
/* For RESUME: the selfie alone; the verification stays NULL without one. */
void cli_person_selfie(cli *run, cli_person *person, cli_problems *problems);
/* A text that was not given on the command line; keeps what is there. */
void cli_person_default(cli *run, int32_t option, const char *text);
/* Says what was made up, on standard error: it finds the session again when a reply is lost. */
void cli_person_say(cli *run, const cli_person *person);
void cli_person_free(cli_person *person);

#endif
