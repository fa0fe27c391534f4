#include "str.h"

#define TEXT_OF(number) #number
#define TEXT(number)    TEXT_OF(number)

ine_str ine_version(void)
{
    return INE__STR(
        TEXT(INE_VERSION_MAJOR) "." TEXT(INE_VERSION_MINOR) "." TEXT(INE_VERSION_PATCH));
}
