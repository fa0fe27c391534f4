/* What to do about a refused webhook: one row a reason, for the person on call. */
#include "base/str.h"

static const struct {
    int32_t reason;
    const char *en, *es;
} hints[] = {
    {INE_REASON_NONE, "The delivery is genuine.", "La entrega es auténtica."},
    {INE_REASON_NO_SIGNATURE,
     "There is no x-hmac-signature header. Does a proxy remove headers, or did someone else send "
     "this?",
     "No hay encabezado x-hmac-signature. ¿Un proxy quita encabezados, o lo envió otra persona?"},
    {INE_REASON_SEVERAL_SIGNATURES,
     "A signature or key header came more than once, or joined by commas. Does a proxy add its "
     "own?",
     "Un encabezado de firma o de llave llegó repetido o unido con comas. ¿Un proxy agrega el "
     "suyo?"},
    {INE_REASON_CONFLICT,
     "The x- and the vrf- headers say different things; one of them is forged or old.",
     "Los encabezados x- y vrf- dicen cosas distintas; uno es falso o viejo."},
    {INE_REASON_LEGACY_SIGNATURE,
     "Only the old x-signature came. Ask Veriff to send x-hmac-signature for this integration.",
     "Solo llegó el antiguo x-signature. Pida a Veriff x-hmac-signature para esta integración."},
    {INE_REASON_MALFORMED_SIGNATURE, "The signature is not 64 hexadecimal digits.",
     "La firma no tiene 64 dígitos hexadecimales."},
    {INE_REASON_NO_KEY, "There is no x-auth-client header that says which integration this is for.",
     "No hay encabezado x-auth-client que diga de qué integración se trata."},
    {INE_REASON_UNKNOWN_KEY,
     "The API key in x-auth-client belongs to no integration that is configured here. Test and "
     "live differ.",
     "La llave de x-auth-client no es de ninguna integración configurada aquí. Prueba y producción "
     "difieren."},
    {INE_REASON_WRONG_SIGNATURE,
     "The signature fits none of the configured secrets. Compare the shared secret key in the "
     "customer "
     "portal, and check that the raw body was kept byte for byte.",
     "La firma no corresponde a ningún secreto configurado. Compare la llave secreta en el portal "
     "y revise "
     "que el cuerpo se conservó byte por byte."},
    {INE_REASON_TOO_LARGE, "The body is larger than the receiver accepts.",
     "El cuerpo es mayor de lo que el receptor acepta."},
    {INE_REASON_ENCODED, "The body is compressed; hand over the bytes as they were signed.",
     "El cuerpo viene comprimido; entregue los bytes tal como se firmaron."},
    {INE_REASON_UNEXPECTED,
     "The delivery is genuine, but belongs to another session, user or vendorData.",
     "La entrega es auténtica, pero es de otra sesión, usuario o vendorData."},
    {INE_REASON_TRAILING_NEWLINE,
     "The body has a line end at its end that was not signed. A file or template added it.",
     "El cuerpo tiene un fin de línea al final que no se firmó. Lo agregó un archivo o plantilla."},
    {INE_REASON_MISSING_NEWLINE,
     "The body lacks the line end at its end that was signed. Do not trim it.",
     "Al cuerpo le falta el fin de línea final que sí se firmó. No lo recorte."},
    {INE_REASON_REFORMATTED,
     "The JSON was parsed and written again. Verify the raw request body, before any JSON "
     "middleware.",
     "El JSON se interpretó y se volvió a escribir. Verifique el cuerpo crudo, antes de todo "
     "middleware JSON."},
    {INE_REASON_LINE_ENDS, "The line ends were changed between CR LF and LF on the way.",
     "Los fines de línea cambiaron entre CR LF y LF en el camino."},
    {INE_REASON_BOM, "A byte order mark was added in front of the body.",
     "Se agregó una marca de orden de bytes al inicio del cuerpo."},
    {INE_REASON_SECRET_SPACE,
     "The secret has lost or gained white space. Store exactly what the customer portal shows.",
     "El secreto perdió o ganó espacios. Guarde exactamente lo que muestra el portal."},
    {INE_REASON_SECRET_IS_KEY,
     "The delivery is signed with the API key's text: use the shared secret key.",
     "La entrega está firmada con el texto de la llave de API: use la llave secreta compartida."},
    {INE_REASON_SECRET_DECODED,
     "The signer decoded the secret to bytes. The secret is its text, hyphens included.",
     "Quien firmó decodificó el secreto a bytes. El secreto es su texto, con guiones."},
    {INE_REASON_OTHER_INTEGRATION,
     "The signature fits another integration's secret: keys and secrets are paired wrongly.",
     "La firma corresponde al secreto de otra integración: llaves y secretos están mal "
     "emparejados."},
    {INE_REASON_SIGNED_ID, "The session's id was signed, as for a GET. A webhook signs its body.",
     "Se firmó el id de la sesión, como en un GET. Un webhook firma su cuerpo."},
    {INE_REASON_LEGACY_SCHEME,
     "This is the old plain hash of body and secret. Ask Veriff for HMAC on this integration.",
     "Es el antiguo hash simple de cuerpo y secreto. Pida a Veriff HMAC para esta integración."},
};

ine_str ine_reason_hint(int32_t reason, int32_t language)
{
    for (size_t i = 0; i < sizeof hints / sizeof hints[0]; i++) {
        if (hints[i].reason != reason)
            continue;
        return ine__str_of(language == INE_LANG_ES_MX ? hints[i].es : hints[i].en);
    }
    return INE__NONE;
}
