/* A text that the library made, as a handle. */
#ifndef INE_BASE_TEXT_H
#define INE_BASE_TEXT_H

#include "base/buf.h"
#include "base/error.h"

/* Moves the buffer's content into a handle; frees the buffer in any case. */
int32_t ine__text_give(ine_text **out, ine__buf *buf, ine_error **err);

#endif
