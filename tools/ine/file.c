#include "file.h"

#include "signals.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *reason(int error)
{
    switch (error) {
    case ENOENT:
    case ENOTDIR:
        return "there is no such file";
    case EACCES:
    case EPERM:
        return "the file must not be read by this user: look at its permissions";
    case EISDIR:
        return "this is a directory, not a file";
    case ENAMETOOLONG:
    case ELOOP:
        return "this is no path of a file";
    default:
        return "the file can not be read";
    }
}

/* realloc() would leave the old bytes behind. */
static bool grow(cli_file *file, size_t *cap, size_t max)
{
    const size_t more = *cap ? *cap * 2 : 65536, size = more < max ? more : max;
    char *data = malloc(size);
    if (!data)
        return false;
    if (file->len)
        memcpy(data, file->data, file->len);
    const size_t len = file->len;
    cli_file_free(file);
    *file = (cli_file){data, len};
    *cap = size;
    return true;
}

static const char *read_all(cli_file *file, int fd, size_t max)
{
    for (size_t cap = 0;;) {
        if (file->len == cap && !grow(file, &cap, max))
            return "there is not enough memory for the file";
        const ssize_t got = read(fd, file->data + file->len, cap - file->len);
        if (got < 0 && errno == EINTR && !cli_stopped())
            continue;
        if (got < 0)
            return reason(errno);
        file->len += (size_t)got;
        if (got == 0 || file->len == max)
            return NULL;
    }
}

const char *cli_file_read(cli_file *file, const char *path, size_t max)
{
    struct stat status;
    *file = (cli_file){NULL, 0};
    const int fd = strcmp(path, "-") == 0 ? dup(STDIN_FILENO) : open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return reason(errno);
    const char *wrong = fstat(fd, &status) != 0   ? reason(errno)
                        : S_ISDIR(status.st_mode) ? reason(EISDIR)
                                                  : read_all(file, fd, max + 1);
    close(fd);
    if (wrong)
        cli_file_free(file);
    return wrong;
}

void cli_file_free(cli_file *file)
{
    if (file->data)
        explicit_bzero(file->data, file->len);
    free(file->data);
    *file = (cli_file){NULL, 0};
}
