#include "net/media.h"

#include "identity/report.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

void ine__files_init(ine__files *files)
{
    for (size_t i = 0; i <= INE__MEDIA; i++)
        files->fd[i] = -1;
}

void ine__files_close(ine__files *files)
{
    for (size_t i = 0; i <= INE__MEDIA; i++) {
        if (files->fd[i] >= 0)
            close(files->fd[i]);
        files->fd[i] = -1;
    }
}

/* A regular file: a pipe can not be read twice, and opening one could hang. */
static int open_file(const char *path, uint64_t *size)
{
    struct stat info;
    const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    if (fd < 0)
        return -1;
    if (fstat(fd, &info) == 0 && S_ISREG(info.st_mode)) {
        *size = (uint64_t)info.st_size;
        return fd;
    }
    close(fd);
    return -1;
}

bool ine__files_open_one(ine__files *files, int32_t place, ine_str from, ine__media *out)
{
    char *path = ine__alloc(from.len + 1);
    if (!path)
        return false;
    memcpy(path, from.ptr, from.len);
    uint64_t size = 0;
    files->fd[place] = open_file(path, &size);
    ine__free_wiped(path, from.len + 1);
    if (files->fd[place] >= 0)
        *out = (ine__media){.from = INE__MEDIA_SOURCE, .size = size};
    return true;
}

static int32_t refuse(const ine_verification *verification, const ine_options *options,
                      ine_error **err)
{
    ine_report *report;
    const int32_t code = ine_verification_check(verification, options, &report, err);
    if (code != INE_OK)
        return code;
    if (!ine__report_add(report, INE_IN_SELFIE, INE_PROBLEM_UNREADABLE, true,
                         "the image file can not be opened, or is not a regular file")) {
        ine_report_free(report);
        return ine__fail_memory(err);
    }
    return ine__report_fail(err, report);
}

int32_t ine__files_open(ine__files *files, ine_verification *verification,
                        const ine_options *options, ine_error **err)
{
    bool readable = true;
    for (int32_t context = 1; context <= INE__MEDIA; context++) {
        ine__media *media = &verification->media[context];
        ine_str path = media->path;
        if (media->from != INE__MEDIA_PATH)
            continue;
        if (!ine__files_open_one(files, context, path, media))
            return ine__fail_memory(err);
        readable = readable && files->fd[context] >= 0;
        if (files->fd[context] >= 0)
            ine__text_free(&path);
    }
    return readable ? INE_OK : refuse(verification, options, err);
}

size_t ine__files_read(const ine__files *files, int32_t media, uint64_t offset, void *buffer,
                       size_t cap)
{
    ssize_t n;
    if (media < 0 || media > INE__MEDIA || files->fd[media] < 0 || offset > INT64_MAX)
        return 0;
    do {
        n = pread(files->fd[media], buffer, cap, (off_t)offset);
    } while (n < 0 && errno == EINTR);
    return n > 0 ? (size_t)n : 0;
}
