/*
 * The cascade as a tree: a check that was skipped hangs below the one that stopped it.
 *
 *   ├─ ✓  1 Consent obtained            passed
 *   ├─ ✗  2 Person registered           FAILED (PERSON_NOT_FOUND)   ◀ root cause
 *   │  ├─ ↷  3 Selfie matches registry  skipped, because of 2
 */
#include "verdict.h"
#include "words.h"

#define CORE   4
#define OTHERS 12 /* checks that we do not know, shown at most */
#define NODES  (CLI_CHECKS + OTHERS + 4)
#define STATES 44

typedef struct leaf {
    int32_t depth; /* 1 or 2 */
    int32_t check; /* 0: not one of the ten */
    int32_t state; /* INE_STATE_*, or -1 for a heading */
    int32_t blocked_by;
    ine_str name; /* of an unknown check, from outside */
    ine_str reason;
    const char *label, *word;
} leaf;

typedef struct picture {
    cli_out *out;
    int32_t language;
    const cli_verdict *verdict;
    leaf nodes[NODES];
    size_t count;
} picture;

static const struct {
    const char *symbol;
    int32_t colour;
} marks[] = {
    [INE_STATE_ABSENT] = {"–", CLI_DIM},   [INE_STATE_UNRECOGNISED] = {"?", CLI_YELLOW},
    [INE_STATE_PASSED] = {"✓", CLI_GREEN}, [INE_STATE_INCONCLUSIVE] = {"?", CLI_YELLOW},
    [INE_STATE_FAILED] = {"✗", CLI_RED},   [INE_STATE_SKIPPED] = {"↷", CLI_DIM},
    [INE_STATE_NO_INPUT] = {"○", CLI_DIM},
};

static leaf *add(picture *tree, int32_t depth, int32_t state, const char *label)
{
    static leaf spare;
    leaf *node = tree->count < NODES ? &tree->nodes[tree->count++] : &spare;
    *node = (struct leaf){.depth = depth, .state = state, .label = label};
    return node;
}

static void add_check(picture *tree, int32_t depth, int32_t check)
{
    const cli_check *from = &tree->verdict->check[check];
    leaf *node = add(tree, depth, from->state, cli_word_check(tree->language, check));
    node->check = check;
    node->blocked_by = from->blocked_by;
    node->reason = from->reason;
    node->word = cli_word_state(tree->language, from->state);
}

/* Those that hang below no other check, then what each of them stopped. */
static void add_with_skipped(picture *tree, int32_t depth, int32_t check)
{
    add_check(tree, depth, check);
    for (int32_t i = 1; i <= CLI_CHECKS; i++) {
        const cli_check *other = &tree->verdict->check[i];
        if (other->state == INE_STATE_SKIPPED && other->blocked_by == check)
            add_check(tree, depth + 1, i);
    }
}

static bool stands_alone(const cli_check *check)
{
    return check->state != INE_STATE_SKIPPED || check->blocked_by == 0;
}

static void add_compared(picture *tree)
{
    int32_t alone = 0, absent = 0;
    bool core_failed = false;
    for (int32_t i = 1; i <= CLI_CHECKS; i++) {
        const cli_check *check = &tree->verdict->check[i];
        core_failed |= i <= CORE && check->state == INE_STATE_FAILED;
        alone += i > CORE && stands_alone(check);
        absent += i > CORE && check->state == INE_STATE_ABSENT;
    }
    if (!alone)
        return;
    leaf *heading = add(tree, 1, -1, cli_word(tree->language, WORD_COMPARED));
    if (absent == CLI_CHECKS - CORE) {
        heading->state = INE_STATE_ABSENT;
        heading->word = core_failed ? cli_word(tree->language, WORD_NOT_RUN)
                                    : cli_word_state(tree->language, INE_STATE_ABSENT);
        return;
    }
    for (int32_t i = CORE + 1; i <= CLI_CHECKS; i++) {
        if (stands_alone(&tree->verdict->check[i]))
            add_check(tree, 2, i);
    }
}

static void add_unknown(picture *tree)
{
    const ine_decision *decision = tree->verdict->decision;
    const size_t count = ine_decision_count(decision, INE_LIST_UNKNOWN_CHECKS);
    if (!count)
        return;
    add(tree, 1, -1, cli_word(tree->language, WORD_UNKNOWN_CHECKS));
    for (size_t i = 0; i < count && i < OTHERS; i++) {
        leaf *node = add(tree, 2, INE_STATE_UNRECOGNISED, NULL);
        ine_str result = {NULL, 0};
        ine_decision_item(decision, INE_LIST_UNKNOWN_CHECKS, i, INE_ITEM_NAME, &node->name, NULL);
        ine_decision_item(decision, INE_LIST_UNKNOWN_CHECKS, i, INE_ITEM_RESULT, &result, NULL);
        ine_decision_item(decision, INE_LIST_UNKNOWN_CHECKS, i, INE_ITEM_REASON, &node->reason,
                          NULL);
        node->word = "";
        if (result.ptr)
            node->reason = result;
    }
    if (count > OTHERS)
        add(tree, 2, -1, "…");
}

/* Is there no later node of this depth before the branch ends? */
static bool is_last(const picture *tree, size_t at, int32_t depth)
{
    for (size_t i = at + 1; i < tree->count; i++) {
        if (tree->nodes[i].depth < depth)
            return true;
        if (tree->nodes[i].depth == depth)
            return false;
    }
    return true;
}

static void draw_branch(const picture *tree, size_t at)
{
    const int32_t depth = tree->nodes[at].depth;
    cli_put(tree->out, "  ");
    if (depth == 2)
        cli_put(tree->out, is_last(tree, at, 1) ? "   " : "│  ");
    cli_put(tree->out, is_last(tree, at, depth) ? "└─ " : "├─ ");
}

static void draw_state(const picture *tree, const leaf *node)
{
    cli_out *out = tree->out;
    cli_pad(out, STATES);
    cli_colour(out, marks[node->state].colour);
    if (node->state == INE_STATE_SKIPPED && node->blocked_by) {
        cli_put(out, cli_word(tree->language, WORD_SKIPPED_BY));
        cli_put_number(out, node->blocked_by);
    } else {
        cli_put(out, node->word ? node->word : "");
    }
    /* the reason of a skipped check repeats its blocker's and means nothing of its own */
    if (node->reason.ptr && node->state != INE_STATE_SKIPPED && node->state != INE_STATE_NO_INPUT) {
        cli_put(out, node->word && *node->word ? " (" : "(");
        cli_put_foreign(out, node->reason);
        cli_put(out, ")");
    }
    cli_colour(out, CLI_PLAIN);
    if (node->check && node->check == tree->verdict->root) {
        cli_put(out, "  ");
        cli_colour(out, CLI_BOLD);
        cli_put(out, cli_word(tree->language, WORD_ROOT_CAUSE));
        cli_colour(out, CLI_PLAIN);
    }
}

static void draw(const picture *tree, size_t at)
{
    const leaf *node = &tree->nodes[at];
    cli_out *out = tree->out;
    draw_branch(tree, at);
    if (node->state >= 0) {
        cli_colour(out, marks[node->state].colour);
        cli_put(out, marks[node->state].symbol);
        cli_colour(out, CLI_PLAIN);
        cli_put(out, " ");
    }
    if (node->check) {
        cli_put(out, node->check < 10 ? " " : "");
        cli_put_number(out, node->check);
        cli_put(out, " ");
    }
    if (node->label)
        cli_put(out, node->label);
    else
        cli_put_foreign(out, node->name);
    if (node->state >= 0)
        draw_state(tree, node);
    cli_put(out, "\n");
}

void cli_tree(cli_out *out, int32_t language, const cli_verdict *verdict)
{
    picture tree = {.out = out, .language = language, .verdict = verdict, .count = 0};
    for (int32_t i = 1; i <= CORE; i++) {
        if (stands_alone(&verdict->check[i]))
            add_with_skipped(&tree, 1, i);
    }
    add_compared(&tree);
    add_unknown(&tree);
    for (size_t i = 0; i < tree.count; i++)
        draw(&tree, i);
}
