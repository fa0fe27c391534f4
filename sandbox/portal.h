/* The portal's page, made from portal/portal.html by portal/embed.cmake. */
#ifndef INE_SANDBOX_PORTAL_H
#define INE_SANDBOX_PORTAL_H

#include <stddef.h>

extern const unsigned char ine__sb_portal_page[];
extern const size_t ine__sb_portal_page_len;

#endif
