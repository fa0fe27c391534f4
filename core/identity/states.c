#include "identity/states.h"

#include "base/num.h"

/* CURP: Instructivo Normativo, annex 4 (2006); Mexico City stays DF there. Postal codes: the first
 * two digits. INEGI's order is the old Spanish one, in which CH follows C. */
static const ine__state states[] = {
    {"01", "AS", "MX-AGU", "Aguascalientes", 20, 20},
    {"02", "BC", "MX-BCN", "Baja California", 21, 22},
    {"03", "BS", "MX-BCS", "Baja California Sur", 23, 23},
    {"04", "CC", "MX-CAM", "Campeche", 24, 24},
    {"05", "CL", "MX-COA", "Coahuila", 25, 27},
    {"06", "CM", "MX-COL", "Colima", 28, 28},
    {"07", "CS", "MX-CHP", "Chiapas", 29, 30},
    {"08", "CH", "MX-CHH", "Chihuahua", 31, 33},
    {"09", "DF", "MX-CMX", "Ciudad de México", 1, 16},
    {"10", "DG", "MX-DUR", "Durango", 34, 35},
    {"11", "GT", "MX-GUA", "Guanajuato", 36, 38},
    {"12", "GR", "MX-GRO", "Guerrero", 39, 41},
    {"13", "HG", "MX-HID", "Hidalgo", 42, 43},
    {"14", "JC", "MX-JAL", "Jalisco", 44, 49},
    {"15", "MC", "MX-MEX", "México", 50, 57},
    {"16", "MN", "MX-MIC", "Michoacán", 58, 61},
    {"17", "MS", "MX-MOR", "Morelos", 62, 62},
    {"18", "NT", "MX-NAY", "Nayarit", 63, 63},
    {"19", "NL", "MX-NLE", "Nuevo León", 64, 67},
    {"20", "OC", "MX-OAX", "Oaxaca", 68, 71},
    {"21", "PL", "MX-PUE", "Puebla", 72, 75},
    {"22", "QT", "MX-QUE", "Querétaro", 76, 76},
    {"23", "QR", "MX-ROO", "Quintana Roo", 77, 77},
    {"24", "SP", "MX-SLP", "San Luis Potosí", 78, 79},
    {"25", "SL", "MX-SIN", "Sinaloa", 80, 82},
    {"26", "SR", "MX-SON", "Sonora", 83, 85},
    {"27", "TC", "MX-TAB", "Tabasco", 86, 86},
    {"28", "TS", "MX-TAM", "Tamaulipas", 87, 89},
    {"29", "TL", "MX-TLA", "Tlaxcala", 90, 90},
    {"30", "VZ", "MX-VER", "Veracruz", 91, 96},
    {"31", "YN", "MX-YUC", "Yucatán", 97, 97},
    {"32", "ZS", "MX-ZAC", "Zacatecas", 98, 99},
};
#define STATES (sizeof states / sizeof states[0])

const ine__state *ine__state_by_curp(ine_str code)
{
    for (size_t i = 0; i < STATES; i++) {
        if (ine__str_is(code, states[i].curp))
            return &states[i];
    }
    return NULL;
}

const ine__state *ine__state_by_inegi(ine_str code)
{
    for (size_t i = 0; i < STATES; i++) {
        if (ine__str_is(code, states[i].inegi))
            return &states[i];
    }
    return NULL;
}

const ine__state *ine__state_by_postal(ine_str postal_code)
{
    int64_t prefix;
    if (postal_code.len != 5 || !ine__all_digits(postal_code) ||
        !ine__parse_uint(ine__str(postal_code.ptr, 2), 99, &prefix))
        return NULL;
    for (size_t i = 0; i < STATES; i++) {
        if (prefix >= states[i].postal_first && prefix <= states[i].postal_last)
            return &states[i];
    }
    return NULL;
}

bool ine__curp_state(ine_str code)
{
    return ine__str_is(code, "NE") || ine__state_by_curp(code) != NULL;
}
