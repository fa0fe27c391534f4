/* A picture for demonstrations: a shaded field with a disc, drawn here; nobody's photograph. */
#ifndef INE_CLI_JPEG_H
#define INE_CLI_JPEG_H

#include "file.h"

/* A grey baseline JPEG. NULL, or a literal that says what is wrong, as cli_file_read(). */
const char *cli_jpeg_draw(cli_file *out);

#endif
