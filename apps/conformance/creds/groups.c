// SPDX-License-Identifier: MPL-2.0
// getgroups and setgroups: sizes, rights, order, errors in order; group rights on files.
// Covers: getgroups setgroups
#include "../conf.h"
static void show(void)
{
    gid_t g[100];
    char b[400] = "";
    int n = SC(getgroups, 100, g);
    for (int i = 0; i < n && i < 20; i++)
        sprintf(b + strlen(b), " %d", g[i]);
    say("  %d groups:%s", n, b);
}
static void test(void)
{
    gid_t g[] = {30, 10, 20, 10}, h[10];
    pid_t c;
    CHILD(c) {
        R(SC(setgroups, 0, 0)), show();
        R(SC(getgroups, 0, 0));
        R(SC(setgroups, 4, g)), show(); // kept sorted
        R(SC(getgroups, 0, BAD)), R(SC(getgroups, 3, h)), R(SC(getgroups, 4, BAD)), R(SC(getgroups, -1, h));
        R(SC(setgroups, 4, BAD)), R(SC(setgroups, 65537, g)), R(SC(setgroups, -1, g)), R(SC(setgroups, 0, BAD)), show();
        R(SC(setgroups, 2, g));
        static gid_t many[70000];
        for (int i = 0; i < 65536; i++)
            many[i] = i;
        R(SC(setgroups, 65536, many)), R(SC(getgroups, 0, 0)), R(SC(getgroups, 70000, many));
        SC(setgroups, 2, g);
        pid_t d;
        CHILD(d) { show(); } // inherited
        waitpid(d, 0, 0);
        SC(setgid, 1000), SC(setuid, 1000), show();
        R(SC(setgroups, 0, 0)), R(SC(setgroups, 2, g)), R(SC(setgroups, 99999, g)), show();
    }
    reap("child", c);
    put_file("f", "", 0060), chown("f", 0, 20), put_file("g", "", 0060), chown("g", 0, 21);
    CHILD(c) { SC(setgroups, 4, g), SC(setgid, 5), SC(setuid, 5); R(access("f", R_OK)), R(access("g", R_OK)); OK(open("f", O_RDWR)); }
    reap("rights", c);
    // A user may give a file to one of the groups.
    put_file("mine", "", 0644), chown("mine", 5, 5), chmod(".", 0777);
    CHILD(c) { SC(setgroups, 4, g), SC(setgid, 5), SC(setuid, 5); R(chown("mine", -1, 30)), R(chown("mine", -1, 31)), R(chown("mine", 6, -1)); }
    reap("chown", c);
}
