/* Settings that can not work are refused when a client is made, not at its first call. */
#ifndef INE_NET_CONFIG_H
#define INE_NET_CONFIG_H

#include "base/options.h"

int32_t ine__config_check(const ine_options *options, const ine_credentials *credentials,
                          ine_error **err);

#endif
