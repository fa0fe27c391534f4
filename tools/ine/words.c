#include "words.h"

#include <stddef.h>

typedef struct pair {
    const char *es, *en;
} pair;

static const pair words[WORDS] = {
    [WORD_SESSION] = {"Sesión", "Session"},
    [WORD_REGISTRY] = {"Registro", "Registry"},
    [WORD_CODE] = {"código", "code"},
    [WORD_REASON_CODE] = {"motivo", "reason code"},
    [WORD_COMPARED] = {"Datos comparados con el registro", "Data compared with the registry"},
    [WORD_UNKNOWN_CHECKS] = {"Validaciones que esta versión no conoce",
                             "Checks that this version does not know"},
    [WORD_MORE] = {"más", "more"},
    [WORD_ROOT_CAUSE] = {"◀ causa", "◀ root cause"},
    [WORD_SKIPPED_BY] = {"no se hizo, por la ", "skipped, because of "},
    [WORD_NOT_RUN] = {"no se hizo o no está activada", "not run or not enabled"},
    [WORD_NO_CHECKS] = {"El registro no dio ningún resultado", "The registry gave no results"},
    [WORD_OUTCOME] = {"Resultado", "Outcome"},
    [WORD_CAUSE] = {"Causa", "Root cause"},
    [WORD_NONE] = {"ninguna", "none"},
    [WORD_NEXT] = {"Qué sigue", "Next"},
    [WORD_CORRECT] = {"Corregir", "Correct"},
    [WORD_UNMET] = {"Falta", "Not met"},
    [WORD_UNCHECKED] = {"Sin revisar", "Not checked"},
    [WORD_NO_INE] = {"Aprobada sin ningún resultado del INE: ¿está activado el paso del INE en "
                     "esta integración?",
                     "Approved without any INE result: is the INE step configured for this "
                     "integration?"},
    [WORD_AGENT] = {"Para el agente", "For the agent"},
    [WORD_CITIZEN] = {"Para la persona", "For the person"},
    [WORD_ANOMALIES] = {"Anomalías", "Anomalies"},
    [WORD_THE_REGISTRY] = {"el registro no respondió", "the registry did not answer"},
    [WORD_OLDER_FORM] = {"Forma anterior", "Older form"},
    [WORD_FACE] = {"el rostro coincide", "the face matches"},
    [WORD_CARD] = {"credencial vigente", "the card is active"},
    [WORD_YES] = {"sí", "yes"},
    [WORD_NO] = {"no", "no"},
    [WORD_NOT_SAID] = {"no se sabe", "not said"},
    [WORD_KIND] = {"Qué es", "What it is"},
    [WORD_INTERRUPTED] = {"interrumpido", "interrupted"},
    [WORD_GO_ON] = {"para continuar", "to go on"},
    [WORD_VENDOR_DATA] = {"vendorData de esta verificación", "vendorData of this verification"},
    [WORD_ASKED] = {"consultas", "asked"},
    [WORD_NEXT_ASK] = {"siguiente en", "next in"},
    [WORD_FIND] = {"antes de repetir, buscar la sesión por su vendorData en el portal",
                   "before doing it again, look for the session by its vendorData in the portal"},
    [WORD_RESUME] = {"ine status dice cómo está la sesión, ine resume la continúa",
                     "ine status says where the session stands, ine resume goes on with it"},
    [WORD_SANDBOX] = {"sandbox local, datos ficticios", "local sandbox, made-up data"},
};

static const pair checks[] = {
    [INE_CHECK_CONSENT_OBTAINED] = {"Consentimiento", "Consent obtained"},
    [INE_CHECK_PERSON_REGISTERED] = {"Persona en el registro", "Person registered"},
    [INE_CHECK_SELFIE_REGISTRY_MATCH] = {"Selfie igual al registro", "Selfie matches registry"},
    [INE_CHECK_NOT_REPORTED_LOST_OR_STOLEN] = {"Sin reporte de robo o extravío",
                                               "Not reported lost or stolen"},
    [INE_CHECK_FIRST_NAME_MATCH] = {"Nombre", "First name"},
    [INE_CHECK_FATHER_LAST_NAME_MATCH] = {"Apellido paterno", "Father's last name"},
    [INE_CHECK_MOTHER_LAST_NAME_MATCH] = {"Apellido materno", "Mother's last name"},
    [INE_CHECK_PERSONAL_NUMBER_MATCH] = {"CURP", "CURP"},
    [INE_CHECK_REGISTRATION_YEAR_MATCH] = {"Año de registro", "Registration year"},
    [INE_CHECK_ISSUE_YEAR_MATCH] = {"Año de emisión", "Issue year"},
};

static const pair states[] = {
    [INE_STATE_ABSENT] = {"no está activada", "not enabled"},
    [INE_STATE_UNRECOGNISED] = {"no se entiende: no cuenta como aprobada",
                                "not understood: does not count as passed"},
    [INE_STATE_PASSED] = {"aprobada", "passed"},
    [INE_STATE_INCONCLUSIVE] = {"no concluyente", "inconclusive"},
    [INE_STATE_FAILED] = {"NO APROBADA", "FAILED"},
    [INE_STATE_SKIPPED] = {"no se hizo", "skipped"},
    [INE_STATE_NO_INPUT] = {"sin dato: no se envió", "no input: it was not sent"},
};

static const pair outcomes[] = {
    [INE_OUTCOME_UNKNOWN] = {"NO SE SABE", "UNKNOWN"},
    [INE_OUTCOME_PENDING] = {"PENDIENTE", "PENDING"},
    [INE_OUTCOME_RESUBMIT] = {"ENVIAR DE NUEVO", "RESUBMIT"},
    [INE_OUTCOME_EXPIRED] = {"VENCIDA", "EXPIRED"},
    [INE_OUTCOME_ABANDONED] = {"ABANDONADA", "ABANDONED"},
    [INE_OUTCOME_REVIEW] = {"EN REVISIÓN", "IN REVIEW"},
    [INE_OUTCOME_VERIFIED] = {"VERIFICADA", "VERIFIED"},
    [INE_OUTCOME_APPROVED_WITH_EXCEPTIONS] = {"APROBADA CON EXCEPCIONES",
                                              "APPROVED WITH EXCEPTIONS"},
    [INE_OUTCOME_CONSENT_MISSING] = {"FALTA EL CONSENTIMIENTO", "CONSENT MISSING"},
    [INE_OUTCOME_INPUT_ERROR] = {"DATOS INCORRECTOS", "INPUT ERROR"},
    [INE_OUTCOME_NOT_VERIFIED] = {"NO VERIFICADA", "NOT VERIFIED"},
    [INE_OUTCOME_RETRY_LATER] = {"INTENTAR MÁS TARDE", "RETRY LATER"},
    [INE_OUTCOME_CARD_ACTIVE] = {"CREDENCIAL VIGENTE (nadie comparó el rostro)",
                                 "CARD ACTIVE (no face was compared)"},
    [INE_OUTCOME_CARD_NOT_ACTIVE] = {"CREDENCIAL NO VIGENTE O NO ENCONTRADA",
                                     "CARD NOT ACTIVE OR NOT FOUND"},
};

static const pair advices[] = {
    [INE_ADVICE_NONE] = {"nada más", "nothing more to do"},
    [INE_ADVICE_WAIT] = {"esperar: todavía no hay decisión", "wait: there is no decision yet"},
    [INE_ADVICE_RESUBMIT] = {"enviar de nuevo en la misma sesión", "submit again in this session"},
    [INE_ADVICE_RETRY_NEW_SESSION] = {"intentar de nuevo más tarde, con una sesión nueva",
                                      "try again later, with a new session"},
    [INE_ADVICE_MANUAL_REVIEW] = {"que lo revise una persona", "have a person look at it"},
    [INE_ADVICE_ASK_CONSENT] = {"pedir el consentimiento y empezar de nuevo",
                                "ask for consent and start again"},
    [INE_ADVICE_CORRECT_INPUT] = {"corregir los datos y empezar de nuevo",
                                  "correct the data and start again"},
    [INE_ADVICE_NEW_SELFIE] = {"tomar otra selfie y empezar de nuevo",
                               "take a new selfie and start again"},
    [INE_ADVICE_REFUSE_CARD] = {"no aceptar esta credencial", "do not accept this card"},
};

static const pair anomalies[] = {
    [INE_ANOMALY_NA_WITHOUT_UPSTREAM_FAILURE] =
        {"una validación no se hizo y ninguna anterior lo explica",
         "a check was not made, and no earlier one explains it"},
    [INE_ANOMALY_SUCCESS_AFTER_FAILURE] = {"una validación aprobó después de otra que falló",
                                           "a check passed after one that failed"},
    [INE_ANOMALY_APPROVED_WITH_FAILED_CORE] = {"aprobada aunque una validación básica no aprobó",
                                               "approved although a core check did not pass"},
    [INE_ANOMALY_STATUS_CODE_MISMATCH] = {"el estado de la sesión y su código no coinciden",
                                          "the session's status and code do not agree"},
    [INE_ANOMALY_REASON_CODE_MISMATCH] = {"el motivo y las validaciones no coinciden",
                                          "the reason code and the checks do not agree"},
    [INE_ANOMALY_REGISTRY_STATUS_MISMATCH] =
        {"el estado del registro y las validaciones no coinciden",
         "the registry's status and the checks do not agree"},
    [INE_ANOMALY_UNKNOWN_CHECK] = {"hay una validación que esta versión no conoce",
                                   "there is a check that this version does not know"},
    [INE_ANOMALY_UNKNOWN_RESULT] = {"hay un resultado que esta versión no conoce",
                                    "there is a result that this version does not know"},
    [INE_ANOMALY_UNKNOWN_REASON] = {"hay una razón que esta versión no conoce",
                                    "there is a reason that this version does not know"},
    [INE_ANOMALY_MIXED_CASE] = {"mayúsculas distintas a las documentadas",
                                "letters in another case than documented"},
    [INE_ANOMALY_VALIDATIONS_WITH_ERROR] = {"hay validaciones y también un error del registro",
                                            "there are checks and a registry error too"},
    [INE_ANOMALY_FACE_PERCENT_MISMATCH] = {"el porcentaje y el resultado del rostro no coinciden",
                                           "the face's percentage and result do not agree"},
};

static const pair steps[] = {
    [INE_STEP_NONE] = {"no se envió nada", "nothing was sent"},
    [INE_STEP_CHECK] = {"no se envió nada", "nothing was sent"},
    [INE_STEP_CREATE] = {"tal vez se creó una sesión: se encuentra por su vendorData",
                         "a session may have been made: it is found by its vendorData"},
    [INE_STEP_MEDIA] = {"la sesión existe; tal vez le falta la selfie, y no se ha enviado",
                        "the session exists; its selfie may be missing, and it is not submitted"},
    [INE_STEP_SUBMIT] = {"la sesión tiene la selfie; tal vez ya se envió",
                         "the session has its selfie; it may have been submitted"},
    [INE_STEP_WAIT] = {"la sesión se envió; la decisión está pendiente",
                       "the session is submitted; its decision is pending"},
    [INE_STEP_DONE] = {"la sesión terminó", "the session has ended"},
};

static const pair doing[] = {
    [INE_STEP_NONE] = {"Preparando", "Getting ready"},
    [INE_STEP_CHECK] = {"Revisando los datos", "Checking the input"},
    [INE_STEP_CREATE] = {"Creando la sesión", "Creating the session"},
    [INE_STEP_MEDIA] = {"Enviando la selfie", "Uploading the selfie"},
    [INE_STEP_SUBMIT] = {"Cerrando el envío", "Submitting"},
    [INE_STEP_WAIT] = {"Esperando la decisión", "Waiting for the decision"},
    [INE_STEP_DONE] = {"Listo", "Done"},
};

static const char *pick(const pair *table, size_t count, int32_t language, int32_t value)
{
    if (value < 0 || (size_t)value >= count || !table[value].en)
        return "";
    return language == INE_LANG_ES_MX ? table[value].es : table[value].en;
}

const char *cli_word(int32_t language, int32_t word)
{
    return pick(words, WORDS, language, word);
}

const char *cli_word_check(int32_t language, int32_t check)
{
    return pick(checks, sizeof checks / sizeof *checks, language, check);
}

const char *cli_word_state(int32_t language, int32_t state)
{
    return pick(states, sizeof states / sizeof *states, language, state);
}

const char *cli_word_outcome(int32_t language, int32_t outcome)
{
    return pick(outcomes, sizeof outcomes / sizeof *outcomes, language, outcome);
}

const char *cli_word_advice(int32_t language, int32_t advice)
{
    return pick(advices, sizeof advices / sizeof *advices, language, advice);
}

const char *cli_word_anomaly(int32_t language, int32_t anomaly)
{
    return pick(anomalies, sizeof anomalies / sizeof *anomalies, language, anomaly);
}

const char *cli_word_step(int32_t language, int32_t step)
{
    return pick(steps, sizeof steps / sizeof *steps, language, step);
}

const char *cli_word_doing(int32_t language, int32_t step)
{
    return pick(doing, sizeof doing / sizeof *doing, language, step);
}
