/* A process is told from those that were forked from it. */
#include "support.h"

#include "base/process.h"

#include <sys/wait.h>

static int wait_for(pid_t child)
{
    int status = -1;
    assert_int_equal(waitpid(child, &status, 0), child);
    return status;
}

static void in_one_process(void **state)
{
    (void)state;
    const uint64_t here = ine__process();
    assert_true(here != 0);
    assert_true(ine__process() == here);
}

/* A child and its own child; both see the same number again and again. */
static void in_children(void **state)
{
    (void)state;
    const uint64_t here = ine__process();
    for (int i = 0; i < 3; i++) {
        const pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0) {
            const uint64_t there = ine__process();
            if (there == 0 || there == here || there != ine__process())
                _exit(1);
            const pid_t grandchild = fork();
            if (grandchild == 0)
                _exit(ine__process() != there && ine__process() != here ? 0 : 1);
            int status = -1;
            _exit(waitpid(grandchild, &status, 0) == grandchild && status == 0 &&
                          ine__process() == there
                      ? 0
                      : 2);
        }
        assert_int_equal(wait_for(child), 0);
        assert_true(ine__process() == here);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(in_one_process),
        cmocka_unit_test(in_children),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
