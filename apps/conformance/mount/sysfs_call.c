// SPDX-License-Identifier: MPL-2.0
// sysfs(2): kinds of file systems by number.
// Covers: sysfs
#include "../conf.h"
static void test(void)
{
    char b[64] = "";
    static char longest[5000];
    memset(longest, 'x', sizeof longest - 1);
    long proc = SC(sysfs, 1, "proc"), tmpfs = SC(sysfs, 1, "tmpfs"), n = SC(sysfs, 3);
    V(proc >= 0), V(tmpfs >= 0), V(proc != tmpfs), V(n > proc && n > tmpfs);
    R(SC(sysfs, 2, proc, b)), S(b), R(SC(sysfs, 2, tmpfs, b)), S(b);
    for (long i = 0, good = 0; i <= n; i++) {
        long r = SC(sysfs, 2, i, b);
        good += r == 0 && SC(sysfs, 1, b) == i;
        if (i == n)
            V(good == n), V(r), S(ename(errno));
    }
    R(SC(sysfs, 1, "nosuch")), R(SC(sysfs, 1, "")), R(SC(sysfs, 1, BAD)), R(SC(sysfs, 1, longest)), R(SC(sysfs, 2, -1, b)), R(SC(sysfs, 2, proc, BAD)), R(SC(sysfs, 2, 5000, BAD)), R(SC(sysfs, 2, proc | 1l << 32, b));
    R(SC(sysfs, 0)), R(SC(sysfs, 4)), R(SC(sysfs, -1)), R(SC(sysfs, 3, BAD, BAD) == n);
}
