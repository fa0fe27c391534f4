/* Signals as bytes in a pipe, so that one poll() waits for them and for events. */
#include "signals.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

static int ends[2] = {-1, -1};
static volatile sig_atomic_t noted;

static void note(int number)
{
    const int saved = errno;
    const ssize_t written = write(ends[1], "", 1);
    (void)number;
    noted = 1;
    (void)written; /* a full pipe says the same */
    errno = saved;
}

static bool watch(int number)
{
    struct sigaction action, before;
    if (sigaction(number, NULL, &before) != 0)
        return false;
    if (before.sa_handler == SIG_IGN)
        return true; /* nohup, or a shell's background job: whoever started us wants it so */
    action.sa_handler = note;
    action.sa_flags = 0;
    sigemptyset(&action.sa_mask);
    return sigaction(number, &action, NULL) == 0;
}

bool cli_signals_open(void)
{
    if (ends[0] >= 0)
        return true;
    return pipe2(ends, O_CLOEXEC | O_NONBLOCK) == 0 && watch(SIGINT) && watch(SIGTERM) &&
           watch(SIGHUP);
}

bool cli_stopped(void)
{
    return noted != 0;
}

int cli_signals_fd(void)
{
    return ends[0];
}
