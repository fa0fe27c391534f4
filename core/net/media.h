/* Media that a verification or a request names by path: opened when it is submitted, read in
 * pieces. */
#ifndef INE_NET_MEDIA_H
#define INE_NET_MEDIA_H

#include "identity/verification.h"

typedef struct ine__files {
    int fd[INE__MEDIA + 1]; /* by INE_MEDIA_*, a request's at 0; -1: none */
} ine__files;

void ine__files_init(ine__files *files);
/* Opens every path of `verification`, which becomes a source of the file's size. Paths that can not
 * be read: INE_E_INPUT with a report of everything else that is wrong too. */
int32_t ine__files_open(ine__files *files, ine_verification *verification,
                        const ine_options *options, ine_error **err);
/* Opens one path. When it can be read, `*out` becomes a source of the file's size; otherwise it is
 * left alone. False without memory. */
bool ine__files_open_one(ine__files *files, int32_t place, ine_str path, ine__media *out);
void ine__files_close(ine__files *files);
/* Up to `cap` bytes from `offset`; 0 at the end and when the file can not be read. */
size_t ine__files_read(const ine__files *files, int32_t media, uint64_t offset, void *buffer,
                       size_t cap);

#endif
