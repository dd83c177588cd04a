// SPDX-License-Identifier: MPL-2.0
// getcpu follows the affinity; either pointer may be missing; bad ones.
// Covers: getcpu sched_setaffinity
#include "../conf.h"
static void test(void)
{
    for (unsigned i = 0; i < 4; i++) {
        unsigned long m = 1ul << (i & 1);
        unsigned cpu = 9, node = 9;
        R(SC(sched_setaffinity, 0, 8, &m));
        R(SC(getcpu, &cpu, &node, 0)), V(cpu == (i & 1)), V(node);
        cpu = node = 9;
        R(SC(getcpu, &cpu, 0, 0)), R(SC(getcpu, 0, &node, 0)), V(cpu), V(node);
    }
    unsigned cpu = 9, node = 9;
    R(SC(getcpu, 0, 0, 0)), R(SC(getcpu, 0, 0, BAD));
    R(SC(getcpu, BAD, &node, 0)), V(node), R(SC(getcpu, &cpu, BAD, 0)), V(cpu), R(SC(getcpu, BAD, BAD, 0));
    char odd[8] = {9, 9, 9, 9, 9, 9, 9, 9};
    R(SC(getcpu, odd + 1, 0, 0)), V(odd[0]), V(odd[1]), V(odd[5]);
}
