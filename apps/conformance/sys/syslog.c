// SPDX-License-Identifier: MPL-2.0
// syslog: reading all, sizes, levels, rights and errors in order.
// Covers: syslog
#include "../conf.h"
static char b[4096];
static void user(void)
{
    R(SC(syslog, 2, b, 10)), R(SC(syslog, 5, 0, 0)), R(SC(syslog, 8, 0, 4)), R(SC(syslog, 9, 0, 0)), R(SC(syslog, 99, 0, 0));
}
static void test(void)
{
    R(SC(syslog, 0, 0, 0)), R(SC(syslog, 1, 0, 0));
    R(SC(syslog, 3, b, sizeof b) >= 0), R(SC(syslog, 3, b, 0)), R(SC(syslog, 3, b, -1)), R(SC(syslog, 3, 0, 10)), R(SC(syslog, 10, 0, 0) > 0);
    R(SC(syslog, 2, 0, 10)), R(SC(syslog, 2, b, -1)), R(SC(syslog, 2, b, 0));
    R(SC(syslog, 8, 0, 0)), R(SC(syslog, 8, 0, 9)), R(SC(syslog, -1, b, 10)), R(SC(syslog, 11, b, 10));
    as_user(1000, user);
}
