/* Lists inside a body: walked each time they are asked for. */
#include "schema/body.h"

/* Columns of a list: the member that holds each; key NULL: the item's own name. */
typedef struct column {
    int32_t column, type;
    const char *key;
} column;

static const column check_columns[] = {
    {INE_ITEM_NAME, INE__T_TEXT, NULL},
    {INE_ITEM_RESULT, INE__T_TEXT, "result"},
    {INE_ITEM_REASON, INE__T_TEXT, "reason"},
};
static const column registry_columns[] = {
    {INE_ITEM_NAME, INE__T_TEXT, NULL},
    {INE_ITEM_STATUS, INE__T_TEXT, "status"},
};
static const column attempt_columns[] = {
    {INE_ITEM_ID, INE__T_TEXT, "id"},
    {INE_ITEM_STATUS, INE__T_TEXT, "status"},
    {INE_ITEM_TIME, INE__T_TEXT, "createdTime"},
};
static const column media_columns[] = {
    {INE_ITEM_ID, INE__T_TEXT, "id"},     {INE_ITEM_CONTEXT, INE__T_TEXT, "context"},
    {INE_ITEM_SIZE, INE__T_INT, "size"},  {INE_ITEM_MIMETYPE, INE__T_TEXT, "mimetype"},
    {INE_ITEM_NAME, INE__T_TEXT, "name"}, {INE_ITEM_URL, INE__T_TEXT, "url"},
};

#define COLUMNS(table) table, sizeof(table) / sizeof((table)[0])
static const struct list {
    const column *columns;
    size_t count;
    uint32_t slot;
    uint8_t container;
    bool unknown_checks; /* without the checks that have fields of their own */
} lists[] = {
    [INE_LIST_UNKNOWN_CHECKS] = {COLUMNS(check_columns), INE_D_VALIDATIONS, INE__J_OBJECT, true},
    [INE_LIST_REGISTRIES] = {COLUMNS(registry_columns), INE__SLOT_REGISTRIES, INE__J_OBJECT, false},
    [INE_LIST_ATTEMPTS] = {COLUMNS(attempt_columns), INE__SLOT_ATTEMPTS, INE__J_ARRAY, false},
    [INE_LIST_IMAGES] = {COLUMNS(media_columns), INE__SLOT_IMAGES, INE__J_ARRAY, false},
    [INE_LIST_VIDEOS] = {COLUMNS(media_columns), INE__SLOT_VIDEOS, INE__J_ARRAY, false},
};
#define LISTS (int32_t)(sizeof lists / sizeof lists[0])

/* An item: its name (of an object's member) and its value, both by their place in the body. */
typedef struct item {
    ine__slot name, value;
} item;

typedef struct walk {
    const ine_decision *decision;
    const struct list *list;
    ine__json_iter iter;
    uint32_t at;
} walk;

static bool walk_begin(walk *w, const ine_decision *decision, int32_t list)
{
    if (!decision || list <= 0 || list >= LISTS)
        return false;
    const ine__slot slot = decision->slot[lists[list].slot];
    if (slot.type != lists[list].container)
        return false;
    *w = (walk){.decision = decision, .list = &lists[list], .at = slot.at};
    ine__json_iter_init(&w->iter, ine__json_view(decision->bytes, slot));
    return true;
}

static bool is_known_check(ine_str raw, bool escaped)
{
    for (int32_t check = 1; check <= INE_CHECK_ISSUE_YEAR_MATCH; check++) {
        const ine_str name = ine_name(INE_NAMES_CHECK, check);
        if (escaped ? ine__json_same(raw, name) : ine__str_eq(raw, name))
            return true;
    }
    return false;
}

static bool walk_next(walk *w, item *out)
{
    ine_str key;
    bool escaped;
    while (ine__json_iter_next(&w->iter, &key, &escaped, &out->value)) {
        if (w->list->unknown_checks && is_known_check(key, escaped))
            continue;
        out->value.at += w->at;
        out->name = (ine__slot){0};
        if (key.ptr)
            out->name = (ine__slot){(uint32_t)(key.ptr - w->decision->bytes.ptr), (uint32_t)key.len,
                                    INE__J_STRING, escaped};
        return true;
    }
    return false;
}

/* The slot of one column of an item. */
static ine__slot cell(const ine_decision *decision, const item *at, const char *key)
{
    if (!key)
        return at->name;
    if (at->value.type != INE__J_OBJECT)
        return (ine__slot){0};
    ine__slot slot = ine__json_member(ine__json_view(decision->bytes, at->value), key);
    slot.at += at->value.at;
    return slot;
}

void ine__list_texts(const ine_decision *decision, void (*visit)(void *, ine__slot), void *context)
{
    for (int32_t list = 1; list < LISTS; list++) {
        walk w;
        item at;
        if (!walk_begin(&w, decision, list))
            continue;
        while (walk_next(&w, &at)) {
            for (size_t i = 0; i < lists[list].count; i++) {
                if (lists[list].columns[i].type == INE__T_TEXT)
                    visit(context, cell(decision, &at, lists[list].columns[i].key));
            }
        }
    }
}

size_t ine_decision_count(const ine_decision *decision, int32_t list)
{
    walk w;
    item at;
    size_t count = 0;
    if (!walk_begin(&w, decision, list))
        return 0;
    while (walk_next(&w, &at))
        count++;
    return count;
}

int32_t ine_decision_item(const ine_decision *decision, int32_t list, size_t index,
                          int32_t column_id, ine_str *text, int64_t *number)
{
    walk w;
    item at;
    if (text)
        *text = INE__NONE;
    if (number)
        *number = 0;
    if (!walk_begin(&w, decision, list))
        return INE_FIELD_ABSENT;
    for (size_t i = 0; i <= index; i++) {
        if (!walk_next(&w, &at))
            return INE_FIELD_ABSENT;
    }
    if (column_id == INE_ITEM_ENTRY)
        return ine__body_value(decision, at.value, INE__T_OBJECT, text, number);
    for (size_t i = 0; i < w.list->count; i++) {
        const column *const c = &w.list->columns[i];
        if (c->column == column_id)
            return ine__body_value(decision, cell(decision, &at, c->key), c->type, text, number);
    }
    return INE_FIELD_ABSENT;
}
