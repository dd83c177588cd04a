// SPDX-License-Identifier: MPL-2.0
// Which core file is written where, and when none is: patterns, limits, what is in the way, who may be dumped.
// Covers: prctl
#include "core.h"
#include <dirent.h>
static pid_t last;
static int by_name(const struct dirent **a, const struct dirent **b) { return strcmp((*a)->d_name, (*b)->d_name); }
// What lies in the folder: names without the numbers that differ, sizes only whether there is something; then all goes.
static void found(const char *dir)
{
    struct dirent **list;
    int n = scandir(dir, &list, 0, by_name);
    for (int i = 0; i < n; i++) {
        char path[600], shown[600] = "", pid[20];
        struct stat st;
        if (list[i]->d_name[0] == '.' && (!list[i]->d_name[1] || list[i]->d_name[1] == '.'))
            continue;
        snprintf(path, sizeof path, "%s/%s", dir, list[i]->d_name), lstat(path, &st), sprintf(pid, "%d", last);
        char pattern[200];
        get_file(PATTERN, pattern, sizeof pattern);
        int has_pid = strstr(pattern, "%p") || strstr(pattern, "%P") || strstr(pattern, "%i") || strstr(pattern, "%I");
        for (char *start = list[i]->d_name, *s = start; *s;) {
            int digits = strspn(s, "0123456789");
            // core_uses_pid puts a dot and the number at the end.
            int at_end = s > start && s[-1] == '.' && !s[digits];
            if (digits == (int)strlen(pid) && !strncmp(s, pid, digits) && (has_pid || at_end))
                strcat(shown, "PID"), s += digits;
            else
                strncat(shown, s, digits ? digits : 1), s += digits ? digits : 1;
        }
        say("  %s mode %o owner %d links %d %s", shown, st.st_mode, st.st_uid, (int)st.st_nlink, S_ISDIR(st.st_mode) ? "" : st.st_size == 0 ? "empty" : st.st_size < 100 ? "small" : "full");
        unlink(path), rmdir(path);
    }
}
static void crash(const char *what, int sig)
{
    CHILD(last) raise(sig), pause();
    reap(what, last), found(".");
}
static void pattern(const char *p)
{
    char b[300];
    set(PATTERN, p), get_file(PATTERN, b, sizeof b), B(b, strlen(b)), crash(p, SIGSEGV);
}
static void as_other(void) { crash("another user, not dumpable", SIGABRT), prctl(PR_SET_DUMPABLE, 1), crash("another user", SIGABRT); }
static void changed_ids(void)
{
    say("dumpable %d", prctl(PR_GET_DUMPABLE)), R(prctl(PR_SET_DUMPABLE, 2)), raise(SIGABRT);
}
static void test(void)
{
    char b[300];
    settings_keep(), R(limit_core(RLIM_INFINITY)), umask(022);
    const int signals[] = {SIGQUIT, SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE, SIGSEGV, SIGSYS, SIGXCPU, SIGXFSZ, SIGTERM, SIGKILL, SIGUSR1, SIGPIPE};
    for (unsigned i = 0; i < ARRAY(signals); i++)
        crash(sname(signals[i]), signals[i]);
    // Names
    prctl(PR_SET_NAME, "a/b"), sethostname("host.name", 9);
    pattern("x.%p.%P"), pattern("%i-%I"), pattern("u%ug%gs%sd%d"), pattern("%e"), pattern("%h-%%-%c"), pattern("%q%x_%"), pattern("%"), pattern("\n"), pattern("two words"), pattern("line\nmore");
    prctl(PR_SET_NAME, ".."), pattern("%e"), prctl(PR_SET_NAME, "."), pattern("%e"), prctl(PR_SET_NAME, ""), pattern("%e"), prctl(PR_SET_NAME, "prog");
    set(PATTERN, "%t");
    CHILD(last) abort();
    reap("time", last);
    DIR *d = opendir(".");
    for (struct dirent *e; (e = readdir(d));)
        if (e->d_name[0] != '.')
            say("a time of now %d", labs(atol(e->d_name) - time(0)) < 100), unlink(e->d_name);
    closedir(d);
    memset(b, 'l', sizeof b), b[200] = 0, set(PATTERN, b), get_file(PATTERN, b, sizeof b), V(strlen(b));
    set("/proc/sys/kernel/core_uses_pid", "1"), pattern("core"), pattern("c%p"), pattern("c%P"), set("/proc/sys/kernel/core_uses_pid", "0"), set("/proc/sys/kernel/core_uses_pid", "x"), set("/proc/sys/fs/suid_dumpable", "3"), set("/proc/sys/fs/suid_dumpable", "-1");
    mkdir("d", 0755), snprintf(b, sizeof b, "%s/d/abs", conf_dir), set(PATTERN, b);
    CHILD(last) abort();
    reap("absolute", last), found("d"), found(".");
    pattern("none/core");
    // What is in the way
    set(PATTERN, "core"), put_file("core", "old", 0644), crash("a file", SIGABRT), put_file("core", "old", 0644), link("core", "other"), crash("a file with two names", SIGABRT), put_file("target", "t", 0644), symlink("target", "core"), crash("a link", SIGABRT), mkdir("core", 0755), crash("a folder", SIGABRT), mkfifo("core", 0644), crash("a fifo", SIGABRT);
    umask(0777), crash("umask", SIGABRT), umask(022);
    // Limits
    const long limits[] = {0, 1, 4095, 4096, 10000};
    for (unsigned i = 0; i < ARRAY(limits); i++) {
        char t[40];
        sprintf(t, "limit %ld", limits[i]), limit_core(limits[i]);
        CHILD(last) abort();
        reap(t, last);
        struct stat st;
        if (!stat("core", &st))
            say("something %d", st.st_size > 0), unlink("core");
    }
    limit_core(RLIM_INFINITY);
    struct rlimit r = {8192, RLIM_INFINITY};
    CHILD(last) setrlimit(RLIMIT_FSIZE, &r), abort();
    reap("size of files", last), found(".");
    // Who may be dumped
    V(prctl(PR_GET_DUMPABLE)), R(prctl(PR_SET_DUMPABLE, 2)), R(prctl(PR_SET_DUMPABLE, 0)), V(prctl(PR_GET_DUMPABLE)), crash("not dumpable", SIGABRT), R(prctl(PR_SET_DUMPABLE, 1)), crash("dumpable", SIGABRT);
    chmod(".", 0777), as_user(1000, as_other), chmod(".", 0755), as_user(1000, as_other);
    CHILD(last) setresuid(1000, 1000, 0), prctl(PR_SET_DUMPABLE, 1), seteuid(0), changed_ids();
    reap("changed ids", last), found(".");
    set("/proc/sys/fs/suid_dumpable", "2");
    CHILD(last) setresuid(1000, 1000, 0), changed_ids();
    reap("changed ids, relative", last), found("."), snprintf(b, sizeof b, "%s/abs", conf_dir), set(PATTERN, b);
    CHILD(last) setresuid(1000, 1000, 1000), changed_ids();
    reap("changed ids, absolute", last), found("."), put_file("abs", "old", 0644);
    CHILD(last) setresuid(1000, 1000, 1000), changed_ids();
    reap("changed ids, a file", last), found(".");
    set("/proc/sys/fs/suid_dumpable", "1");
    CHILD(last) setresuid(1000, 1000, 1000), changed_ids();
    reap("changed ids, all are dumped", last), found(".");
    settings_restore();
}
