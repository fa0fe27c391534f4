/*
 * What to tell whom: one table, outcome x root cause x advice, for citizen, agent and log, in es-MX
 * and en. Only literals, so that no personal data can get into a text. A citizen's text claims
 * nothing that the registry did not say, and accuses nobody.
 */
#include "cascade/facts.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

#define ANY (-2)

/* What else must hold. */
enum { ALWAYS = 0, VERIFIED, NO_INE_RESULT };

typedef struct ine__message {
    int32_t outcome, root, advice, when;
    const char *citizen[2], *agent[2], *log[2]; /* es-MX, en */
} ine__message;

#define LOG(line, es, en)                                \
    {                                                    \
        line " nota=\"" es "\"", line " note=\"" en "\"" \
    }

/* The root cause is shown in the log only where the row is about one. */
#define LOG_FOR(outcome, root, advice, es, en) \
    LOG("outcome=" outcome " root_cause=" root " advice=" advice, es, en)
#define LOG_ANY(outcome, advice, es, en) LOG("outcome=" outcome " advice=" advice, es, en)

/* Row 4 with a check that the decision points at. */
#define EXCEPTION(check, check_name)                                                              \
    {                                                                                             \
        INE_OUTCOME_APPROVED_WITH_EXCEPTIONS, check, ANY, ALWAYS,                                 \
            {"Su trámite necesita una revisión más. Por favor, espere o pregunte a quien lo "  \
             "atiende.",                                                                          \
             "Your request needs one more review. Please wait, or ask the person who is helping " \
             "you."},                                                                             \
            {"Veriff aprobó la sesión, pero señala un problema en " check_name                    \
             ". Revise el caso a mano antes de aceptarlo.",                                       \
             "Veriff approved the session but points at a problem in " check_name                 \
             ". Review it by hand before you accept it."},                                        \
            LOG_FOR("APPROVED_WITH_EXCEPTIONS", check_name, "MANUAL_REVIEW",                      \
                    "aprobada con excepciones", "approved with exceptions")                       \
    }

/* Row 7 for a datum that the registry compared. */
#define MISMATCH(check, check_name, es, en, input)                                                \
    {                                                                                             \
        INE_OUTCOME_NOT_VERIFIED, check, INE_ADVICE_CORRECT_INPUT, ALWAYS, {es, en},              \
            {check_name ": el dato enviado no coincide con el del registro. Pida corregir " input \
                        " y cree una sesión nueva.",                                              \
             check_name ": what was sent does not match the registry. Have " input                \
                        " corrected and create a new session."},                                  \
            LOG_FOR("NOT_VERIFIED", check_name, "CORRECT_INPUT", "el dato no coincide",           \
                    "the input does not match")                                                   \
    }

/* Row 7 or 9 where a reasonCode names a check that is not shown as FAILED. */
#define NAMED_ONLY(check, check_name)                                                              \
    {                                                                                              \
        INE_OUTCOME_NOT_VERIFIED, check, INE_ADVICE_MANUAL_REVIEW, ALWAYS,                         \
            {"No pudimos terminar la verificación. Por favor, pregunte a quien lo atiende.",       \
             "We could not complete the verification. Please ask the person who is helping you."}, \
            {"Rechazada: el código de motivo señala " check_name                                   \
             ", pero esa comprobación no aparece como fallida. Revise el caso a mano.",            \
             "Declined: the reason code names " check_name                                         \
             ", but that check is not shown as failed. Review it by hand."},                       \
            LOG_FOR("NOT_VERIFIED", check_name, "MANUAL_REVIEW",                                   \
                    "el código de motivo no concuerda con las comprobaciones",                     \
                    "the reason code does not agree with the checks")                              \
    }

/* The first row that holds. */
static const ine__message messages[] = {
    {INE_OUTCOME_PENDING,
     ANY,
     ANY,
     ALWAYS,
     {"Todavía estamos revisando sus datos. Por favor, espere un momento.",
      "We are still checking your details. Please wait a moment."},
     {"Aún no hay decisión. Espere el aviso de Veriff o vuelva a consultar la sesión.",
      "There is no decision yet. Wait for the webhook, or ask for the decision again."},
     LOG_ANY("PENDING", "WAIT", "aún no hay decisión", "no decision yet")},
    {INE_OUTCOME_RESUBMIT,
     ANY,
     ANY,
     ALWAYS,
     {"Necesitamos que repita un paso. Siga las instrucciones y envíelo de nuevo, por favor.",
      "We need you to repeat a step. Please follow the instructions and send it again."},
     {"Veriff pide un nuevo envío en la misma sesión. Vea el código de motivo y envíe de nuevo lo "
      "que falta.",
      "Veriff asks for a new submission in the same session. See the reason code and send again "
      "what is missing."},
     LOG_ANY("RESUBMIT", "RESUBMIT", "la misma sesión continúa", "the same session goes on")},
    {INE_OUTCOME_EXPIRED,
     ANY,
     ANY,
     ALWAYS,
     {"Se terminó el tiempo para esta verificación. Puede empezar de nuevo cuando guste.",
      "The time for this verification has run out. You can start again whenever you like."},
     {"La sesión venció sin que nadie la usara. Cree una sesión nueva.",
      "The session expired before anybody used it. Create a new session."},
     LOG_ANY("EXPIRED", "RETRY_NEW_SESSION", "nunca se usó", "it was never used")},
    {INE_OUTCOME_ABANDONED,
     ANY,
     ANY,
     ALWAYS,
     {"La verificación quedó sin terminar. Puede empezar de nuevo cuando guste.",
      "The verification was not finished. You can start again whenever you like."},
     {"La sesión se empezó y no se terminó a tiempo. Cree una sesión nueva.",
      "The session was started and not finished in time. Create a new session."},
     LOG_ANY("ABANDONED", "RETRY_NEW_SESSION", "no se terminó", "it was not finished")},
    {INE_OUTCOME_REVIEW,
     ANY,
     ANY,
     ALWAYS,
     {"Estamos revisando su caso con más cuidado. Por favor, espere.",
      "We are taking a closer look at your case. Please wait."},
     {"Veriff tiene la sesión en revisión. Espere la decisión; no la dé por aprobada.",
      "Veriff has the session under review. Wait for the decision; do not take it as approved."},
     LOG_ANY("REVIEW", "WAIT", "en revisión", "under review")},

    {INE_OUTCOME_VERIFIED,
     ANY,
     ANY,
     VERIFIED,
     {"Listo: la verificación con el INE terminó bien. Gracias.",
      "Done: the verification with INE went well. Thank you."},
     {"Verificada: pasaron todas las comprobaciones requeridas. No hay nada más que hacer.",
      "Verified: every required check passed. There is nothing else to do."},
     LOG_ANY("VERIFIED", "NONE", "pasaron las comprobaciones requeridas",
             "the required checks passed")},
    {INE_OUTCOME_VERIFIED,
     ANY,
     ANY,
     ALWAYS,
     {"Recibimos su verificación y falta revisar un dato. Por favor, pregunte a quien lo atiende.",
      "We have your verification, and one more detail has to be reviewed. Please ask the person "
      "who is helping you."},
     {"El INE no encontró problemas, pero falta una comprobación que su programa exige (vea "
      "unmet). "
      "¿Está habilitada en esta integración?",
      "INE found no problem, but a check that your program requires is missing (see unmet). Is it "
      "enabled for this integration?"},
     LOG_ANY("VERIFIED", "NONE", "falta una comprobación requerida",
             "a required check is missing")},

    {INE_OUTCOME_APPROVED_WITH_EXCEPTIONS,
     ANY,
     ANY,
     NO_INE_RESULT,
     {"Su trámite necesita una revisión más. Por favor, espere o pregunte a quien lo atiende.",
      "Your request needs one more review. Please wait, or ask the person who is helping you."},
     {"Veriff aprobó la sesión, pero no hay ningún resultado del INE. ¿Está configurado el paso "
      "del "
      "INE en esta integración? Revise el caso a mano.",
      "Veriff approved the session, but there is no INE result at all. Is the INE step configured "
      "for this integration? Review it by hand."},
     LOG_ANY("APPROVED_WITH_EXCEPTIONS", "MANUAL_REVIEW",
             "sin resultado del INE: ¿está configurado el paso del INE en esta integración?",
             "no INE result: is the INE step configured for this integration?")},
    EXCEPTION(INE_CHECK_CONSENT_OBTAINED, "consent_obtained"),
    EXCEPTION(INE_CHECK_PERSON_REGISTERED, "person_registered"),
    EXCEPTION(INE_CHECK_SELFIE_REGISTRY_MATCH, "selfie_registry_match"),
    EXCEPTION(INE_CHECK_NOT_REPORTED_LOST_OR_STOLEN, "not_reported_lost_or_stolen"),
    EXCEPTION(INE_CHECK_FIRST_NAME_MATCH, "first_name_match"),
    EXCEPTION(INE_CHECK_FATHER_LAST_NAME_MATCH, "father_last_name_match"),
    EXCEPTION(INE_CHECK_MOTHER_LAST_NAME_MATCH, "mother_last_name_match"),
    EXCEPTION(INE_CHECK_PERSONAL_NUMBER_MATCH, "personal_number_match"),
    EXCEPTION(INE_CHECK_REGISTRATION_YEAR_MATCH, "registration_year_match"),
    EXCEPTION(INE_CHECK_ISSUE_YEAR_MATCH, "issue_year_match"),
    {INE_OUTCOME_APPROVED_WITH_EXCEPTIONS,
     ANY,
     ANY,
     ALWAYS,
     {"Su trámite necesita una revisión más. Por favor, espere o pregunte a quien lo atiende.",
      "Your request needs one more review. Please wait, or ask the person who is helping you."},
     {"Veriff aprobó la sesión, pero no todas las comprobaciones del INE pasaron. Revise el caso a "
      "mano antes de aceptarlo.",
      "Veriff approved the session, but not every INE check passed. Review it by hand before you "
      "accept it."},
     LOG_ANY("APPROVED_WITH_EXCEPTIONS", "MANUAL_REVIEW", "aprobada con excepciones",
             "approved with exceptions")},

    {INE_OUTCOME_CONSENT_MISSING,
     ANY,
     ANY,
     ALWAYS,
     {"Para continuar necesitamos su permiso para comparar sus datos con los del INE.",
      "To continue, we need your permission to compare your details with those of INE."},
     {"consent_obtained: falta el consentimiento. Pídalo a la persona y cree una sesión nueva con "
      "él.",
      "consent_obtained: there is no consent. Ask the person for it and create a new session with "
      "it."},
     LOG_FOR("CONSENT_MISSING", "consent_obtained", "ASK_CONSENT", "falta el consentimiento",
             "consent is missing")},
    {INE_OUTCOME_INPUT_ERROR,
     ANY,
     ANY,
     ALWAYS,
     {"Revise el número de su credencial y su CURP, y vuelva a intentarlo, por favor.",
      "Please check the number of your voter card and your CURP, and try again."},
     {"person_registered: no se pudo buscar a la persona; el CIC o la CURP no tienen la forma "
      "correcta. Corríjalos y cree una sesión nueva.",
      "person_registered: the person could not be looked up; the CIC or the CURP is malformed. "
      "Correct them and create a new session."},
     LOG_FOR("INPUT_ERROR", "person_registered", "CORRECT_INPUT", "CIC o CURP mal formados",
             "malformed CIC or CURP")},

    {INE_OUTCOME_NOT_VERIFIED,
     INE_CHECK_PERSON_REGISTERED,
     INE_ADVICE_CORRECT_INPUT,
     ALWAYS,
     {"No encontramos esos datos en el INE. Revise el número de su credencial y vuelva a "
      "intentarlo. Si es correcto, pregunte en INETEL.",
      "We did not find those details at INE. Please check the number of your voter card and try "
      "again. If it is right, ask INETEL."},
     {"person_registered: el INE no encontró a nadie con ese CIC. Compare los nueve dígitos con la "
      "credencial y cree una sesión nueva.",
      "person_registered: INE found nobody with that CIC. Compare its nine digits with the card "
      "and create a new session."},
     LOG_FOR("NOT_VERIFIED", "person_registered", "CORRECT_INPUT", "no se encontró a la persona",
             "person not found")},
    {INE_OUTCOME_NOT_VERIFIED,
     INE_CHECK_SELFIE_REGISTRY_MATCH,
     INE_ADVICE_NEW_SELFIE,
     ALWAYS,
     {"No pudimos confirmar su foto. Tómese otra de frente, con buena luz y sin lentes ni gorra.",
      "We could not confirm your photo. Please take another one, facing the camera, in good light, "
      "without glasses or a cap."},
     {"selfie_registry_match: la selfie no coincidió con la foto del registro. Pida otra selfie y "
      "cree una sesión nueva.",
      "selfie_registry_match: the selfie did not match the portrait in the registry. Ask for "
      "another selfie and create a new session."},
     LOG_FOR("NOT_VERIFIED", "selfie_registry_match", "NEW_SELFIE", "la selfie no coincide",
             "the selfie does not match")},
    {INE_OUTCOME_NOT_VERIFIED,
     INE_CHECK_NOT_REPORTED_LOST_OR_STOLEN,
     INE_ADVICE_REFUSE_CARD,
     ALWAYS,
     {"Esta credencial no se puede usar para este trámite. Para saber más, pregunte en INETEL.",
      "This voter card can not be used for this. To find out more, ask INETEL."},
     {"not_reported_lost_or_stolen: la credencial aparece con un reporte de robo o extravío. No la "
      "acepte y oriente a la persona a INETEL; puede ser su titular.",
      "not_reported_lost_or_stolen: the card is reported as lost or stolen. Do not accept it, and "
      "send the person to INETEL; they may well be its owner."},
     LOG_FOR("NOT_VERIFIED", "not_reported_lost_or_stolen", "REFUSE_CARD",
             "credencial con reporte de robo o extravío", "card reported as lost or stolen")},
    MISMATCH(
        INE_CHECK_FIRST_NAME_MATCH, "first_name_match",
        "El nombre no coincide con el que tiene el INE. Escríbalo como está en su credencial y "
        "vuelva a intentarlo.",
        "The first name does not match the one at INE. Please write it as it is on your voter "
        "card and try again.",
        "person.firstName"),
    MISMATCH(INE_CHECK_FATHER_LAST_NAME_MATCH, "father_last_name_match",
             "El apellido paterno no coincide con el que tiene el INE. Escríbalo como está en su "
             "credencial y vuelva a intentarlo.",
             "The father's last name does not match the one at INE. Please write it as it is on "
             "your voter card and try again.",
             "person.lastName"),
    MISMATCH(INE_CHECK_MOTHER_LAST_NAME_MATCH, "mother_last_name_match",
             "El apellido materno no coincide con el que tiene el INE. Escríbalo como está en su "
             "credencial y vuelva a intentarlo.",
             "The mother's last name does not match the one at INE. Please write it as it is on "
             "your voter card and try again.",
             "person.secondLastName"),
    MISMATCH(INE_CHECK_PERSONAL_NUMBER_MATCH, "personal_number_match",
             "La CURP no coincide con la que tiene el INE. Revísela y vuelva a intentarlo.",
             "The CURP does not match the one at INE. Please check it and try again.",
             "person.idNumber"),
    MISMATCH(INE_CHECK_REGISTRATION_YEAR_MATCH, "registration_year_match",
             "El año de registro no coincide con el que tiene el INE. Revíselo en su credencial y "
             "vuelva a intentarlo.",
             "The year of registration does not match the one at INE. Please check it on your "
             "voter card and try again.",
             "document.firstIssue"),
    MISMATCH(INE_CHECK_ISSUE_YEAR_MATCH, "issue_year_match",
             "El año de emisión no coincide con el que tiene el INE. Revíselo en su credencial y "
             "vuelva a intentarlo.",
             "The year of issue does not match the one at INE. Please check it on your voter card "
             "and try again.",
             "document.validFrom"),
    {INE_OUTCOME_NOT_VERIFIED,
     ANY,
     INE_ADVICE_NEW_SELFIE,
     ALWAYS,
     {"Necesitamos una foto nueva de su rostro. Tómela de frente, con buena luz, y vuelva a "
      "intentarlo.",
      "We need a new photo of your face. Please take it facing the camera, in good light, and try "
      "again."},
     {"Rechazada, al parecer por demasiados envíos (código 539). Cree una sesión nueva y envíe una "
      "sola selfie.",
      "Declined, probably for too many submissions (code 539). Create a new session and send one "
      "selfie only."},
     LOG_ANY("NOT_VERIFIED", "NEW_SELFIE", "demasiados envíos, sin confirmar",
             "too many submissions, unconfirmed")},
    NAMED_ONLY(INE_CHECK_CONSENT_OBTAINED, "consent_obtained"),
    NAMED_ONLY(INE_CHECK_PERSON_REGISTERED, "person_registered"),
    NAMED_ONLY(INE_CHECK_SELFIE_REGISTRY_MATCH, "selfie_registry_match"),
    NAMED_ONLY(INE_CHECK_NOT_REPORTED_LOST_OR_STOLEN, "not_reported_lost_or_stolen"),
    {INE_OUTCOME_NOT_VERIFIED,
     ANY,
     ANY,
     ALWAYS,
     {"No pudimos terminar la verificación. Por favor, pregunte a quien lo atiende.",
      "We could not complete the verification. Please ask the person who is helping you."},
     {"Rechazada, pero no por una comprobación del INE que esta versión conozca. Vea el código de "
      "motivo y revise el caso a mano.",
      "Declined, but not by an INE check that this version knows. See the reason code and review "
      "it by hand."},
     LOG_ANY("NOT_VERIFIED", "MANUAL_REVIEW", "motivo fuera de las comprobaciones conocidas",
             "a reason outside the known checks")},

    {INE_OUTCOME_RETRY_LATER,
     ANY,
     ANY,
     ALWAYS,
     {"No pudimos completar la consulta al INE en este momento. Vuelva a intentarlo más tarde, por "
      "favor.",
      "We could not complete the check with INE at this moment. Please try again later."},
     {"registry: la consulta al INE no se completó; no dice nada sobre la persona. Espere y cree "
      "una sesión nueva.",
      "registry: the query to INE was not completed; it says nothing about the person. Wait, and "
      "create a new session."},
     LOG_FOR("RETRY_LATER", "registry", "RETRY_NEW_SESSION", "el registro no estuvo disponible",
             "the registry was not available")},

    {INE_OUTCOME_CARD_ACTIVE,
     ANY,
     ANY,
     ALWAYS,
     {"La credencial aparece vigente en el INE.", "The voter card is shown as active at INE."},
     {"El INE da la credencial por vigente. No se comparó ningún rostro: no es una verificación de "
      "identidad.",
      "INE shows the card as active. No face was compared: this is not an identity verification."},
     LOG_ANY("CARD_ACTIVE", "NONE", "vigente; no se comparó el rostro",
             "active; no face was compared")},
    {INE_OUTCOME_CARD_NOT_ACTIVE,
     ANY,
     ANY,
     ALWAYS,
     {"No pudimos confirmar que la credencial esté vigente. Revise los datos o pregunte en INETEL.",
      "We could not confirm that the voter card is active. Please check the details, or ask "
      "INETEL."},
     {"El INE no da la credencial por vigente, o no la encontró. Revise los datos y el caso a "
      "mano.",
      "INE does not show the card as active, or did not find it. Check the input and review it by "
      "hand."},
     LOG_ANY("CARD_NOT_ACTIVE", "MANUAL_REVIEW", "no vigente o no encontrada",
             "not active, or not found")},

    {ANY,
     ANY,
     ANY,
     ALWAYS,
     {"No pudimos obtener un resultado. Por favor, pregunte a quien lo atiende.",
      "We could not get a result. Please ask the person who is helping you."},
     {"La respuesta no es una decisión que esta versión entienda. Trátela como no verificada y "
      "revise el caso a mano.",
      "The reply is not a decision that this version understands. Treat it as not verified and "
      "review it by hand."},
     LOG_ANY("UNKNOWN", "MANUAL_REVIEW", "no se entiende la respuesta",
             "the reply is not understood")},
};

static bool holds(const ine__message *message, const ine__meaning *meaning)
{
    if ((message->outcome != ANY && message->outcome != meaning->outcome) ||
        (message->root != ANY && message->root != meaning->root) ||
        (message->advice != ANY && message->advice != meaning->advice))
        return false;
    return message->when == ALWAYS || (message->when == VERIFIED && meaning->verified) ||
           (message->when == NO_INE_RESULT && meaning->no_ine_result);
}

ine_str ine__text(const ine__meaning *meaning, int32_t audience, int32_t language)
{
    const ine__message *message = messages;
    if (language != INE_LANG_ES_MX && language != INE_LANG_EN)
        return INE__NONE;
    while (message < messages + COUNT(messages) - 1 && !holds(message, meaning))
        message++;
    const int32_t column = language == INE_LANG_EN;
    switch (audience) {
    case INE_TEXT_CITIZEN:
        return ine__str_of(message->citizen[column]);
    case INE_TEXT_AGENT:
        return ine__str_of(message->agent[column]);
    case INE_TEXT_LOG:
        return ine__str_of(message->log[column]);
    default:
        return INE__NONE;
    }
}
