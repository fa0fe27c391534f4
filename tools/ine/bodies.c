#include "bodies.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* What a killed process left half written was never acknowledged. */
static void sweep(int directory)
{
    const int copy = dup(directory);
    DIR *list = copy < 0 ? NULL : fdopendir(copy);
    if (!list) {
        if (copy >= 0)
            close(copy);
        return;
    }
    for (struct dirent *item; (item = readdir(list));) {
        const size_t len = strlen(item->d_name);
        if (len > 68 && item->d_name[0] == '.' && strcmp(item->d_name + len - 4, ".new") == 0)
            unlinkat(directory, item->d_name, 0);
    }
    closedir(list);
}

const char *cli_bodies_open(int *directory, const char *path)
{
    struct stat status;
    *directory = -1;
    if (mkdir(path, 0700) != 0 && errno != EEXIST)
        return "the directory can not be made";
    const int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return "this is not a directory that can be opened";
    if (fstat(fd, &status) != 0 || (status.st_mode & 077) != 0) {
        close(fd);
        return "others can look into the directory: take that away with chmod 700";
    }
    sweep(fd);
    *directory = fd;
    return NULL;
}

static bool write_all(int fd, ine_str body)
{
    while (body.len) {
        const ssize_t written = write(fd, body.ptr, body.len);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return false;
        body = (ine_str){body.ptr + written, body.len - (size_t)written};
    }
    return true;
}

/* The name appears when the bytes are on the disk, and the delivery is acknowledged when the name
 * is. */
bool cli_bodies_keep(int directory, ine_str key, ine_str body)
{
    char name[80], half[100];
    struct stat status;
    if (key.len != 64)
        return false;
    snprintf(name, sizeof name, "%.64s.json", key.ptr);
    snprintf(half, sizeof half, ".%.64s.%ld.new", key.ptr, (long)getpid());
    if (fstatat(directory, name, &status, AT_SYMLINK_NOFOLLOW) == 0)
        return fsync(directory) == 0;
    const int fd =
        openat(directory, half, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0)
        return false;
    const bool written = write_all(fd, body) && fsync(fd) == 0;
    const bool closed = close(fd) == 0;
    if (written && closed && renameat(directory, half, directory, name) == 0)
        return fsync(directory) == 0;
    unlinkat(directory, half, 0);
    return false;
}
