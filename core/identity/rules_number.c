/* Rules of the two numbers: CIC and CURP. */
#include "identity/formats.h"
#include "identity/person.h"
#include "identity/rules.h"

static const struct {
    int32_t problem;
    const char *hint;
} cic_hints[] = {
    {INE_PROBLEM_LENGTH,
     "the CIC is exactly 9 digits, on the back of the card; keep leading zeros"},
    {INE_PROBLEM_CHARACTERS, "the CIC is exactly 9 digits 0-9, without spaces or hyphens"},
    {INE_PROBLEM_LOOKS_LIKE_MRZ, "this looks like the CIC with its MRZ check digit or a whole MRZ "
                                 "line; send the nine digits that follow IDMEX"},
    {INE_PROBLEM_LOOKS_LIKE_OCR,
     "this looks like the 13-digit OCR number; the CIC is the other one, with 9 digits"},
    {INE_PROBLEM_LOOKS_LIKE_CURP,
     "this looks like a CURP; send it as the CURP, and here the 9 digits of the CIC"},
    {INE_PROBLEM_LOOKS_LIKE_VOTER_KEY,
     "this looks like the clave de elector; send the 9 digits of the CIC, on the back of the card"},
    {INE_PROBLEM_ENCODING, "the text must be UTF-8 without NUL"},
};

void ine__rule_cic(ine__check *check)
{
    const int32_t problem = ine__cic_problem(check->text);
    for (size_t i = 0; i < sizeof cic_hints / sizeof cic_hints[0]; i++) {
        if (cic_hints[i].problem == problem)
            ine__found(check, problem, true, cic_hints[i].hint);
    }
}

#define ALWAYS (-1) /* an error whatever the strictness */
#define NEVER  0

/* Which flag of a CURP is which problem, and the INE_STRICT_* bit that makes it an error. The
 * vendor's own sample has the impossible date 00-00 and no right check digit (facts 0.2). */
static const struct {
    uint32_t flag;
    int32_t problem;
    int64_t strict;
    const char *hint;
} curp_rules[] = {
    {INE__CURP_LENGTH, INE_PROBLEM_LENGTH, ALWAYS, "a CURP has exactly 18 characters"},
    {INE__CURP_CHARACTERS, INE_PROBLEM_CHARACTERS, ALWAYS,
     "a CURP holds only A-Z in upper case and 0-9, without accents or spaces"},
    {INE__CURP_STRUCTURE, INE_PROBLEM_FORMAT, ALWAYS,
     "a CURP is 4 letters, 6 digits of the birth date, H, M or X, 5 letters, a letter or digit, "
     "and a digit"},
    {INE__CURP_MASK, INE_PROBLEM_MASK, INE_STRICT_CURP_MASK,
     "position 17 is a letter, as for everyone born since 2000; the mask that the vendor prints "
     "shows a digit there"},
    {INE__CURP_DATE, INE_PROBLEM_DATE, INE_STRICT_CURP_DATE,
     "the birth date in the CURP (characters 5 to 10) does not exist"},
    {INE__CURP_FUTURE, INE_PROBLEM_FUTURE, INE_STRICT_CURP_DATE,
     "the birth date in the CURP lies in the future; is position 17 a letter where it should be a "
     "digit?"},
    {INE__CURP_UNDER_AGE, INE_PROBLEM_UNDER_AGE, INE_STRICT_AGE,
     "by the CURP this person is younger than 18; voter cards go to adults"},
    {INE__CURP_STATE, INE_PROBLEM_STATE, INE_STRICT_CURP_STATE,
     "the state code in the CURP (characters 12 and 13) is unknown"},
    {INE__CURP_DIGIT, INE_PROBLEM_CHECK_DIGIT, INE_STRICT_CURP_DIGIT,
     "the last digit of the CURP does not agree with the rest; look for a typing mistake"},
    {INE__CURP_WORD, INE_PROBLEM_WORD, NEVER,
     "the first four letters are on the list of words that a CURP avoids; real ones exist"},
    {INE__CURP_PLACEHOLDER, INE_PROBLEM_PLACEHOLDER, NEVER,
     "this CURP is used as a placeholder for foreigners"},
    {INE__CURP_HOMONYM, INE_PROBLEM_FORMAT, NEVER,
     "position 17 is K to Z, where J is the last letter given out so far"},
};

/* One more problem when it is plainly another number. */
static bool is_other_number(ine__check *check)
{
    if (ine__is_voter_key(check->text)) {
        ine__found(check, INE_PROBLEM_LOOKS_LIKE_VOTER_KEY, true,
                   "this looks like the clave de elector; the CURP is the other 18 characters");
        return true;
    }
    if (ine__cic_problem(check->text) == 0) {
        ine__found(check, INE_PROBLEM_LOOKS_LIKE_CIC, true,
                   "this looks like a CIC; a CURP has 18 characters and begins with four letters");
        return true;
    }
    return false;
}

void ine__rule_curp(ine__check *check)
{
    uint32_t flags = ine__curp_read(check->text, check->today).flags;
    /* an N with tilde is one character in two bytes */
    if ((flags & INE__CURP_CHARACTERS) && ine__utf8_length(check->text) == 18)
        flags &= ~(uint32_t)INE__CURP_LENGTH;
    /* C-8: the printed mask is wrong for everyone born since 2000, so only who asks hears of it;
     * and what breaks the structure breaks the mask too: once is enough */
    if ((flags & INE__CURP_STRUCTURE) || !(check->strict & INE_STRICT_CURP_MASK))
        flags &= ~(uint32_t)INE__CURP_MASK;
    if (flags && is_other_number(check))
        return;
    for (size_t i = 0; i < sizeof curp_rules / sizeof curp_rules[0]; i++) {
        if (flags & curp_rules[i].flag)
            ine__found(check, curp_rules[i].problem,
                       curp_rules[i].strict == ALWAYS || (check->strict & curp_rules[i].strict),
                       curp_rules[i].hint);
    }
}

static ine_str utf8_input(const ine__check *check, int32_t input)
{
    const ine_str text = check->verification->text[input];
    return ine__is_utf8(text) && !ine__has_nul(text) ? text : INE__NONE;
}

/* All on the CURP, which is where a typing mistake is most likely; the hint names the other. */
void ine__rule_consistency(ine__check *check)
{
    static const struct {
        uint32_t flag;
        const char *hint;
    } hints[] = {
        {INE__PERSON_FIRST_NAME, "the CURP does not agree with the first name (letters 4 and 16)"},
        {INE__PERSON_LAST_NAME,
         "the CURP does not agree with the father's last name (letters 1, 2 and 14)"},
        {INE__PERSON_SECOND_LAST_NAME,
         "the CURP does not agree with the mother's last name (letters 3 and 15)"},
        {INE__PERSON_BIRTH, "the CURP does not agree with the date of birth"},
        {INE__PERSON_GENDER, "the CURP does not agree with the gender (letter 11: H is male, M is "
                             "female)"},
    };
    const ine_str curp = check->verification->text[INE_IN_CURP];
    const ine__person person = {
        .first_name = utf8_input(check, INE_IN_FIRST_NAME),
        .last_name = utf8_input(check, INE_IN_LAST_NAME),
        .second_last_name = utf8_input(check, INE_IN_SECOND_LAST_NAME),
        .date_of_birth = utf8_input(check, INE_IN_DATE_OF_BIRTH),
        .gender = utf8_input(check, INE_IN_GENDER),
    };
    check->input = INE_IN_CURP;
    if (ine__curp_read(curp, check->today).flags &
        (INE__CURP_LENGTH | INE__CURP_CHARACTERS | INE__CURP_STRUCTURE))
        return;
    const uint32_t disagrees = ine__person_disagrees(curp, &person);
    for (size_t i = 0; i < sizeof hints / sizeof hints[0]; i++) {
        if (disagrees & hints[i].flag)
            ine__found(check, INE_PROBLEM_INCONSISTENT,
                       (check->strict & INE_STRICT_CONSISTENCY) != 0, hints[i].hint);
    }
}
