/* Is a kept connection still there? The event loop learns of its end only when it has its turn. */
#include "addon.h"

#include <errno.h>
#include <sys/socket.h>

/* socketState(fd): 0 ended, 1 open and silent, 2 something has come; -1 unknown. */
static napi_value socket_state(napi_env env, napi_callback_info info)
{
    ine_node_call call;
    int64_t fd;
    char byte;
    if (!ine_node_begin(&call, env, info, 1) || !ine_node_int(&call, 0, &fd))
        return NULL;
    if (fd < 0)
        return ine_node_integer(env, -1);
    const ssize_t n = recv((int)fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT);
    if (n >= 0)
        return ine_node_integer(env, n == 0 ? 0 : 2);
    return ine_node_integer(env, errno == EAGAIN ? 1 : 0);
}

const ine_node_method ine_node_socket_methods[] = {
    {"socketState", socket_state},
    {NULL, NULL},
};
