/* /sandbox/people: who is in the registry. */
#include "internal.h"

#define LIST_MAX 1000

static ine_str number_key(char buffer[19], int64_t seq)
{
    memcpy(buffer, "person-", 7);
    ine__sb_number(seq, buffer + 7);
    return ine__str(buffer, 19);
}

static bool is_cic(ine_str cic)
{
    return cic.len == 9 && ine__all_digits(cic);
}

bool ine__sb_put_person(ine_sandbox *sandbox, ine__sb_person *person)
{
    ine__sb_person old;
    char buffer[19];
    const int32_t known = ine__sb_load_person(sandbox, person->cic, &old);
    if (known < 0)
        return false;
    person->seq = known ? old.seq : ++sandbox->people;
    ine__sb_changed(sandbox, INE__SB_CHANGE_PERSON, person->cic, 0);
    if (!known && (!sandbox->store.put(sandbox->store.context, INE_SANDBOX_META,
                                       number_key(buffer, person->seq), person->cic) ||
                   !ine__sb_save_counters(sandbox)))
        return false;
    return ine__sb_save(sandbox, INE_SANDBOX_PEOPLE, person->cic, ine__sb_person_fields,
                        ine__sb_person_field_count, person);
}

static bool is_right(const ine__sb_person *p)
{
    return is_cic(p->cic) && p->registration_year >= 0 && p->registration_year <= 9999 &&
           p->issue_year >= 0 && p->issue_year <= 9999;
}

static const ine__sb_field *field_of(ine_str name)
{
    for (size_t i = 0; i < ine__sb_person_field_count; i++) {
        if (ine__str_is(name, ine__sb_person_fields[i].name))
            return &ine__sb_person_fields[i];
    }
    return NULL;
}

bool ine_sandbox_person(ine_sandbox *sandbox, const ine_str *names, const ine_str *values,
                        size_t count)
{
    ine__sb_person person = {0};
    for (size_t i = 0; i < count; i++) {
        const ine__sb_field *field = field_of(names[i]);
        int64_t number;
        if (!field || !ine__is_utf8(values[i]) || ine__has_nul(values[i]))
            return false;
        if (!values[i].len)
            continue;
        char *at = (char *)&person + field->offset;
        if (field->text)
            memcpy(at, &values[i], sizeof values[i]);
        else if (ine__parse_uint(values[i], 9999, &number))
            memcpy(at, &number, sizeof number);
        else
            return false;
    }
    const bool ok = is_right(&person) && ine__sb_put_person(sandbox, &person);
    ine__sb_arena_clear(&sandbox->arena);
    return ok;
}

/* Members are the fields' own names: cic, first_name, ..., lost (0 or 1), face. */
static bool take_person(ine__sb_call *call, ine_str json)
{
    ine__sb_person person = {0};
    if (!ine__sb_record_read(&call->sandbox->arena, ine__sb_person_fields,
                             ine__sb_person_field_count, &person, json) ||
        !is_right(&person)) {
        ine__sb_fail_as(call, 400, 1104, "A person has a cic of 9 digits; years are numbers.");
        return false;
    }
    if (ine__sb_put_person(call->sandbox, &person))
        return true;
    ine__sb_broken(call);
    return false;
}

static void write_person(ine__sb_call *call, const ine__sb_person *person)
{
    ine__sb_record_write(&call->sandbox->body, ine__sb_person_fields, ine__sb_person_field_count,
                         person);
}

static void list_people(ine__sb_call *call)
{
    ine_sandbox *sandbox = call->sandbox;
    size_t listed = 0;
    ine__sb_begin(call, 200);
    ine__buf_char(&sandbox->body, '[');
    for (int64_t seq = sandbox->people; seq >= 1 && listed < LIST_MAX; seq--) {
        char buffer[19];
        ine_str cic;
        ine__sb_person person;
        if (ine__sb_load(sandbox, INE_SANDBOX_META, number_key(buffer, seq), &cic) <= 0 ||
            ine__sb_load_person(sandbox, cic, &person) <= 0)
            continue;
        if (listed++)
            ine__buf_char(&sandbox->body, ',');
        write_person(call, &person);
    }
    ine__buf_char(&sandbox->body, ']');
}

static void add_people(ine__sb_call *call)
{
    ine__json_iter iter;
    ine__slot item;
    ine_str key;
    bool escaped;
    int64_t count = 0;
    const ine_str body = call->request->body;
    if (!ine__sb_json_body(call, NULL, NULL, 0))
        return;
    if (ine__str_trim(body).ptr[0] == '{') {
        if (!take_person(call, ine__str_trim(body)))
            return;
        count = 1;
    } else {
        ine__json_iter_init(&iter, body);
        while (ine__json_iter_next(&iter, &key, &escaped, &item)) {
            if (!take_person(call, ine__json_view(body, item)))
                return;
            count++;
        }
    }
    ine__writer w = ine__sb_begin(call, 201);
    ine__write_object(&w);
    ine__write_key(&w, "people");
    ine__write_int(&w, count);
    ine__write_end_object(&w);
}

static void one_person(ine__sb_call *call, ine_str cic)
{
    ine_sandbox *sandbox = call->sandbox;
    const ine_sandbox_store *store = &sandbox->store;
    ine__sb_person person;
    char buffer[19];
    const int32_t found = is_cic(cic) ? ine__sb_load_person(sandbox, cic, &person) : 0;
    if (found <= 0) {
        (found ? ine__sb_broken : ine__sb_not_found)(call);
        return;
    }
    if (ine__str_is(call->request->method, "DELETE") &&
        (!store->remove(store->context, INE_SANDBOX_PEOPLE, cic) ||
         !store->remove(store->context, INE_SANDBOX_META, number_key(buffer, person.seq)))) {
        ine__sb_broken(call);
        return;
    }
    if (ine__str_is(call->request->method, "DELETE"))
        ine__sb_changed(sandbox, INE__SB_CHANGE_PERSON, cic, 0);
    ine__sb_begin(call, 200);
    write_person(call, &person);
}

/* `rest`: what stands behind /sandbox/people, with its slash. */
void ine__sb_admin_people(ine__sb_call *call, ine_str rest)
{
    const ine_str method = call->request->method;
    const bool get = ine__str_is(method, "GET");
    if (rest.len == 0 && get)
        list_people(call);
    else if (rest.len == 0 && ine__str_is(method, "POST"))
        add_people(call);
    else if (rest.len > 1 && (get || ine__str_is(method, "DELETE")))
        one_person(call, ine__str(rest.ptr + 1, rest.len - 1));
    else
        ine__sb_not_found(call);
}
