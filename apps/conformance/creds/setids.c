// SPDX-License-Identifier: MPL-2.0
// setuid family: every combination of ids as root and as a user, saved ids, errors in order.
// Covers: getuid geteuid getgid getegid setuid setgid setreuid setregid setresuid getresuid setresgid getresgid
#include "../conf.h"
static void ids(void)
{
    uid_t a = 0, b = 0, c = 0;
    gid_t d = 0, e = 0, f = 0;
    SC(getresuid, &a, &b, &c), SC(getresgid, &d, &e, &f);
    say("  uid %d %d %d gid %d %d %d, by get %ld %ld %ld %ld", a, b, c, d, e, f, SC(getuid), SC(geteuid), SC(getgid), SC(getegid));
}
#define DO(...) do { pid_t c_; CHILD(c_) { long r_; (void)r_; __VA_ARGS__; ids(); } waitpid(c_, 0, 0); } while (0)
static void test(void)
{
    uid_t u;
    ids();
    DO(R(SC(setuid, 1000)); R(SC(setuid, 0)); R(SC(setuid, 1000)); R(SC(setuid, 1001)));
    DO(R(SC(setgid, 1000)); R(SC(setgid, 0)));
    DO(R(SC(setuid, -1)); R(SC(setgid, -1)));
    DO(R(SC(setreuid, 5, 6)); R(SC(setreuid, 6, 5)); R(SC(setreuid, -1, 0)); R(SC(setreuid, -1, 6)));
    DO(R(SC(setreuid, -1, 7)); R(SC(setreuid, 7, -1)); R(SC(setreuid, -1, 0)));
    DO(R(SC(setreuid, 8, -1)); R(SC(setreuid, -1, 8)));
    DO(R(SC(setregid, 5, 6)); R(SC(setregid, 6, 5)); R(SC(setregid, -1, 9)); SC(setuid, 1000); R(SC(setregid, 7, -1)); R(SC(setregid, -1, 7)); R(SC(setregid, 5, 5)); R(SC(setregid, -2, -1)));
    DO(R(SC(setresuid, 1, 2, 3)); R(SC(setresuid, 3, 1, 2)); R(SC(setresuid, 4, -1, -1)); R(SC(setresuid, -1, 2, -1)); R(SC(setresuid, -1, 0, -1)));
    DO(R(SC(setresuid, -1, 2, -1)); R(SC(setresuid, 2, 2, 2)); R(SC(setuid, 0)));
    DO(R(SC(setresuid, 1, 2, 3)); R(SC(setuid, 3)); R(SC(setuid, 1)); R(SC(setuid, 2))); // setuid may take real or saved
    DO(R(SC(setresgid, 1, 2, 3)); R(SC(setresgid, -1, -1, 9)); R(SC(setresuid, 9, 9, 9)); R(SC(setresgid, 3, 3, 3)); R(SC(setresgid, 2, 2, 2)); R(SC(setresgid, -1, 50, -1)));
    DO(R(SC(setresuid, 10, 11, 12)); R(SC(setreuid, 12, -1)); R(SC(setreuid, 11, -1)); R(SC(setreuid, -1, 12)));
    R(SC(getresuid, BAD, &u, &u)), R(SC(getresuid, &u, &u, BAD)), R(SC(getresgid, &u, BAD, &u));
    // The file-system ids follow the effective ones.
    DO(SC(setresuid, -1, 30, -1); R(SC(setfsuid, -1)); SC(setresgid, -1, 31, -1); R(SC(setfsgid, -1)));
    // Only this thread, for the system call; supplementary groups are kept.
    DO(gid_t g[2] = {7, 8}, h[4]; SC(setgroups, 2, g); SC(setuid, 1000); R(SC(getgroups, 4, h)); say("  %d %d", h[0], h[1]));
}
