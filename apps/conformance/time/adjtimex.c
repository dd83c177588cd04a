// SPDX-License-Identifier: MPL-2.0
// adjtimex, clock_adjtime: asking for the state of the clock, clocks without one, rights, errors in order.
// Covers: adjtimex clock_adjtime
#include "../conf.h"
#include <sys/timex.h>
static void user(void)
{
    struct timex t = {.modes = 0};
    R(SC(adjtimex, &t) >= 0), t.modes = ADJ_OFFSET, R(SC(adjtimex, &t)), t.modes = ADJ_FREQUENCY, R(SC(clock_adjtime, CLOCK_REALTIME, &t));
}
static void test(void)
{
    struct timex t = {.modes = 0};
    R(SC(adjtimex, &t)), say("status %#x precision %ld tolerance %ld frequency %ld", t.status, t.precision, t.tolerance, t.freq);
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now), say("time of day %d, tick %ld", llabs(now.tv_sec - t.time.tv_sec) < 5, t.tick);
    R(SC(adjtimex, BAD)), R(SC(adjtimex, 0));
    t.modes = 0, R(SC(clock_adjtime, CLOCK_REALTIME, &t)), t.modes = 0, R(SC(clock_adjtime, CLOCK_MONOTONIC, &t)), R(SC(clock_adjtime, CLOCK_BOOTTIME, &t));
    R(SC(clock_adjtime, 99, &t)), R(SC(clock_adjtime, CLOCK_REALTIME, BAD)), R(SC(clock_adjtime, 99, BAD)), R(SC(clock_adjtime, CLOCK_MONOTONIC, BAD));
    as_user(1000, user);
}
