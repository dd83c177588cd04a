// SPDX-License-Identifier: MPL-2.0
// access, faccessat, faccessat2, and what open allows: owner, group, others, directories, capabilities of root.
// Covers: access faccessat faccessat2 open
#include "../conf.h"
static const char *files[] = {"rwx_owner", "rwx_group", "rwx_other", "none", "r_only", "w_only", "x_only", "dir_x/f", "dir_r/f", "dir_0/f"};
static void ask(const char *who)
{
    for (size_t i = 0; i < ARRAY(files); i++) {
        char b[100];
        int n = sprintf(b, "%s %s:", who, files[i]);
        for (int m = 0; m < 8; m++)
            n += sprintf(b + n, " %s", SC(access, files[i], m) ? ename(errno) : "ok");
        say("%s", b);
        int r = open(files[i], O_RDONLY), w = open(files[i], O_WRONLY);
        say("  open: %s %s", r < 0 ? "refused" : "ok", w < 0 ? "refused" : "ok");
        close(r), close(w);
    }
}
static void user(void) { ask("user"); }
static void real(void)
{
    // access asks for the real ids; AT_EACCESS for the effective ones.
    R(SC(setresuid, 1000, 0, 0));
    R(SC(access, "none", R_OK));
    R(SC(faccessat2, AT_FDCWD, "none", R_OK, 0));
    R(SC(faccessat2, AT_FDCWD, "none", R_OK, AT_EACCESS));
}
static void test(void)
{
    umask(0);
    mkdir("dir_x", 0711), mkdir("dir_r", 0744), mkdir("dir_0", 0700);
    put_file("rwx_owner", "", 0700), chown("rwx_owner", 1000, 0);
    put_file("rwx_group", "", 0070), chown("rwx_group", 0, 1000);
    put_file("rwx_other", "", 0007);
    put_file("none", "", 0), put_file("r_only", "", 0444), put_file("w_only", "", 0222), put_file("x_only", "", 0111);
    put_file("dir_x/f", "", 0666), put_file("dir_r/f", "", 0666), put_file("dir_0/f", "", 0666);
    ask("root");
    as_user(1000, user);
    R(SC(access, "rwx_owner", 8));
    R(SC(access, "missing", F_OK));
    R(SC(access, "missing", 8));
    R(SC(access, "none/x", F_OK));
    R(SC(access, "", F_OK));
    R(SC(access, BAD, F_OK));
    symlink("r_only", "s"), symlink("gone", "dangling");
    R(SC(access, "s", R_OK | X_OK));
    R(SC(access, "dangling", F_OK));
    R(SC(faccessat, AT_FDCWD, "s", W_OK));
    int d = open("dir_x", O_RDONLY), f = open("r_only", O_RDONLY);
    R(SC(faccessat, d, "f", W_OK));
    R(SC(faccessat, 99, "f", W_OK));
    R(SC(faccessat, f, "f", W_OK));
    R(SC(faccessat2, AT_FDCWD, "dangling", F_OK, AT_SYMLINK_NOFOLLOW));
    R(SC(faccessat2, f, "", R_OK, AT_EMPTY_PATH));
    R(SC(faccessat2, f, "", X_OK, AT_EMPTY_PATH));
    R(SC(faccessat2, f, "", R_OK, 0));
    R(SC(faccessat2, AT_FDCWD, "s", R_OK, 1));
    R(SC(faccessat2, AT_FDCWD, "s", 9, 0));
    pid_t c;
    CHILD(c) { real(); }
    reap("real", c);
    // Owner bits come first: an owner without rights has none, though the group has.
    put_file("odd", "", 0077), chown("odd", 1000, 1000);
    CHILD(c) { setgid(1000), setuid(1000); R(SC(access, "odd", R_OK)); }
    reap("owner", c);
    // Supplementary groups count.
    put_file("grp", "", 0060), chown("grp", 0, 77);
    CHILD(c) { gid_t g[] = {5, 77}; SC(setgroups, 2, g); setgid(1000), setuid(1000); R(SC(access, "grp", R_OK | W_OK)); }
    reap("group", c);
}
