#include "sandbox.h"

#include "progress.h"
#include "signals.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define LINE_MAX_BYTES 65536
#define READY_MS       10000
#define STOP_MS        2000

extern char **environ;

/* ine-sandbox in the folder of `program`; false when it is not there. */
static bool beside(const char *program, char *out, size_t size)
{
    const char *slash = strrchr(program, '/');
    if (!slash)
        return false;
    const int len = snprintf(out, size, "%.*s/ine-sandbox", (int)(slash - program), program);
    return len > 0 && (size_t)len < size && access(out, X_OK) == 0;
}

/* Next to this program, whatever its name was when it was started; else on PATH. */
static const char *find(const char *program, char *out, size_t size)
{
    char self[3072];
    const ssize_t len = readlink("/proc/self/exe", self, sizeof self - 1);
    if (len > 0) {
        self[len] = '\0';
        if (beside(self, out, size))
            return out;
    }
    return beside(program, out, size) ? out : "ine-sandbox";
}

/* In a process group of its own: Ctrl-C at a terminal is ours to answer first. */
static int spawn(pid_t *pid, const char *path, int input, int output)
{
    char *const argv[] = {(char *)(uintptr_t) "ine-sandbox", (char *)(uintptr_t) "--json",
                          (char *)(uintptr_t) "--port=0", (char *)(uintptr_t) "--exit-with-stdin",
                          NULL};
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t defaults;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
    posix_spawnattr_init(&attributes);
    sigemptyset(&defaults);
    sigaddset(&defaults, SIGINT);
    sigaddset(&defaults, SIGTERM);
    sigaddset(&defaults, SIGHUP);
    posix_spawnattr_setsigdefault(&attributes, &defaults);
    posix_spawnattr_setpgroup(&attributes, 0);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF);
    const int error = posix_spawnp(pid, path, &actions, &attributes, argv, environ);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return error;
}

/* Reads up to the first line end. */
static const char *read_line(const cli_sandbox *sandbox, char *line, size_t *len)
{
    const int64_t until = cli_clock_ms() + READY_MS;
    *len = 0;
    for (;;) {
        struct pollfd fds[] = {{sandbox->output, POLLIN, 0}, {cli_signals_fd(), POLLIN, 0}};
        const int64_t left = until - cli_clock_ms();
        if (left <= 0 || *len == LINE_MAX_BYTES)
            return "the sandbox did not become ready";
        if (poll(fds, 2, (int)left) < 0 && errno != EINTR)
            return "the sandbox can not be waited for";
        if (fds[1].revents)
            return "interrupted";
        if (!fds[0].revents)
            continue;
        const ssize_t got = read(sandbox->output, line + *len, LINE_MAX_BYTES - *len);
        if (got <= 0)
            return "the sandbox ended before it was ready";
        *len += (size_t)got;
        if (memchr(line, '\n', *len))
            return NULL;
    }
}

static const char *read_ready(cli_sandbox *sandbox)
{
    char *line = malloc(LINE_MAX_BYTES);
    size_t len;
    if (!line)
        return "there is not enough memory";
    const char *wrong = read_line(sandbox, line, &len);
    if (!wrong && ine_decision_read(&sandbox->ready, line, len, INE_READ_COPY, NULL) != INE_OK)
        wrong = "the sandbox did not say where it is";
    explicit_bzero(line, LINE_MAX_BYTES);
    free(line);
    return wrong;
}

const char *cli_sandbox_start(cli_sandbox *sandbox, const char *program)
{
    int input[2], output[2];
    char path[4096];
    *sandbox = (cli_sandbox){.input = -1, .output = -1};
    if (pipe2(input, O_CLOEXEC) != 0)
        return "there is no pipe for the sandbox";
    if (pipe2(output, O_CLOEXEC) != 0) {
        close(input[0]);
        close(input[1]);
        return "there is no pipe for the sandbox";
    }
    const int error = spawn(&sandbox->pid, find(program, path, sizeof path), input[0], output[1]);
    close(input[0]);
    close(output[1]);
    sandbox->input = input[1];
    sandbox->output = output[0];
    if (error)
        sandbox->pid = 0;
    return error ? "ine-sandbox was not found: it belongs next to ine, or on PATH"
                 : read_ready(sandbox);
}

static bool ended(pid_t pid, int64_t wait_ms)
{
    const int64_t until = cli_clock_ms() + wait_ms;
    for (;;) {
        const pid_t found = waitpid(pid, NULL, WNOHANG);
        if (found == pid || (found < 0 && errno != EINTR))
            return true;
        if (cli_clock_ms() >= until)
            return false;
        poll(NULL, 0, 5);
    }
}

void cli_sandbox_stop(cli_sandbox *sandbox)
{
    if (sandbox->input >= 0)
        close(sandbox->input);
    if (sandbox->pid > 0 && !ended(sandbox->pid, STOP_MS)) {
        kill(sandbox->pid, SIGTERM);
        if (!ended(sandbox->pid, STOP_MS)) {
            kill(sandbox->pid, SIGKILL);
            ended(sandbox->pid, STOP_MS);
        }
    }
    if (sandbox->output >= 0)
        close(sandbox->output);
    ine_decision_free(sandbox->ready);
    ine_decision_free(sandbox->scenarios);
    *sandbox = (cli_sandbox){.input = -1, .output = -1};
}
