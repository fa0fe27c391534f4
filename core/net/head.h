/* The head of a reply, line by line, as far as a transport alone can see that it is damaged. */
#ifndef INE_NET_HEAD_H
#define INE_NET_HEAD_H

#include "base/str.h"

enum {
    INE__LINE_STATUS = 1, /* a new header block begins */
    INE__LINE_HEADER,
    INE__LINE_END,     /* the blank line */
    INE__LINE_TRAILER, /* behind the body: says nothing */
    INE__LINE_BAD
};

typedef struct ine__head {
    int32_t status;
    bool open;     /* inside a header block */
    bool complete; /* the blank line of the final block has come (F17) */
} ine__head;

/* One line with its line end; `name` and `value` are filled for a header. */
int32_t ine__head_line(ine__head *head, ine_str line, ine_str *name, ine_str *value);

#endif
