/* The stable texts of all constants; the tables are generated from the manifest. */
#include "str.h"

typedef struct ine__name {
    int32_t value;
    ine_str text;
} ine__name;

#define INE__TEXT(text)        \
    {                          \
        text, sizeof(text) - 1 \
    }
#define INE__COUNT(table) (sizeof(table) / sizeof((table)[0]))

#include "names.inc"

ine_str ine_name(int32_t names, int32_t value)
{
    for (size_t t = 0; t < INE__COUNT(tables); t++) {
        if (tables[t].names != names)
            continue;
        for (size_t i = 0; i < tables[t].count; i++) {
            if (tables[t].table[i].value == value)
                return tables[t].table[i].text;
        }
    }
    return INE__NONE;
}

int32_t ine_value(int32_t names, const char *text, size_t text_len)
{
    const ine_str wanted = ine__str(text, text_len);
    for (size_t t = 0; t < INE__COUNT(tables); t++) {
        if (tables[t].names != names)
            continue;
        for (size_t i = 0; i < tables[t].count; i++) {
            if (ine__str_ieq(tables[t].table[i].text, wanted))
                return tables[t].table[i].value;
        }
    }
    return -1;
}

int32_t ine_code_class(int32_t code)
{
    for (size_t i = 0; i < INE__COUNT(classes); i++) {
        if (classes[i].code == code)
            return classes[i].class_;
    }
    return INE_CLASS_ERROR;
}
