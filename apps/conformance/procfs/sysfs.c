// SPDX-License-Identifier: MPL-2.0
// sysfs: what it says of CPUs; that nothing can be made or removed in it.
// Covers: open read getdents64 mkdir unlink statfs
#include "../conf.h"
#include <dirent.h>
#include <sys/vfs.h>
#define CPU "/sys/devices/system/cpu/"
static void show(const char *name)
{
    char path[200], text[200];
    sprintf(path, CPU "%s", name);
    int fd = open(path, O_RDONLY);
    long n = fd < 0 ? -1 : read(fd, text, sizeof text - 1);
    text[n > 0 ? n : 0] = 0;
    say("%s: %ld %s%s", name, n, n < 0 ? ename(errno) : text, n > 0 && text[n - 1] == '\n' ? "(end)" : "");
    close(fd);
}
static void test(void)
{
    static const char *names[] = {"online", "possible", "present", "offline", "isolated", "cpu0/topology/core_id", "cpu1/topology/core_id",
        "cpu1/topology/physical_package_id", "cpu0/topology/thread_siblings_list", "cpu1/topology/thread_siblings", "cpu1/topology/core_siblings_list",
        "cpu0/topology/core_cpus_list", "cpu0/topology/package_cpus", "cpu2/topology", "cpu00", "cpu", "cpu-1", "cpu1x", "0", "none"};
    for (unsigned i = 0; i < ARRAY(names); i++)
        show(names[i]);
    DIR *d = opendir(CPU);
    int cpus = 0, wrong = 0;
    for (struct dirent *e; d && (e = readdir(d));)
        if (!strncmp(e->d_name, "cpu", 3) && e->d_name[3] >= '0' && e->d_name[3] <= '9') {
            struct stat s;
            char path[300];
            sprintf(path, CPU "%s", e->d_name);
            cpus++, wrong += e->d_type != DT_DIR || stat(path, &s) != 0 || s.st_ino != e->d_ino;
        }
    say("cpus listed %d, wrong %d; sysconf %ld %ld", cpus, wrong, sysconf(_SC_NPROCESSORS_CONF), sysconf(_SC_NPROCESSORS_ONLN));
    struct statfs f;
    int got = statfs("/sys", &f);
    say("statfs %d type %lx", got, (long)f.f_type);
    struct stat s;
    static const char *folders[] = {"/sys", "/sys/devices", "/sys/bus", "/sys/class", "/sys/kernel", "/sys/fs", "/sys/block", "/sys/dev", CPU "online"};
    for (unsigned i = 0; i < ARRAY(folders); i++)
        got = stat(folders[i], &s), say("%s: %d mode %o owner %d", folders[i], got, s.st_mode, s.st_uid);
    int made = mkdir("/sys/x", 0755);
    say("mkdir %d %s", made, ename(errno));
    made = unlink(CPU "online");
    say("unlink %d %s", made, ename(errno));
    made = open(CPU "online", O_WRONLY);
    say("open to write %s", made < 0 ? ename(errno) : "done");
    made = open("/sys/kernel/none", O_CREAT | O_RDWR, 0600);
    say("create %s", made < 0 ? ename(errno) : "done");
}
