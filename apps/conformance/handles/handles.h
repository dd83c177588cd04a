// SPDX-License-Identifier: MPL-2.0
// Helpers of the programs on file handles.
#pragma once
#include "../conf.h"
struct handle { unsigned bytes; int type; unsigned char data[128]; };
static inline long name_of(int dir, const char *path, struct handle *h, int *id, int flags) { return SC(name_to_handle_at, dir, path, h, id, flags); }
static inline long by_handle(int mount, struct handle *h, int flags) { return SC(open_by_handle_at, mount, h, flags); }
__attribute__((unused)) static long take_name(const char *path, struct handle *h)
{
    int id;
    memset(h, 0, sizeof *h), h->bytes = sizeof h->data;
    return name_of(AT_FDCWD, path, h, &id, 0);
}
// Whether the descriptor and the name are one file.
__attribute__((unused)) static int same(int fd, const char *path)
{
    struct stat a, b;
    return fstat(fd, &a) == 0 && stat(path, &b) == 0 && a.st_ino == b.st_ino && a.st_dev == b.st_dev;
}
// What /proc says of it, below the folder of the program.
__attribute__((unused)) static void link_of(int fd)
{
    char p[64], b[256];
    snprintf(p, sizeof p, "/proc/self/fd/%d", fd);
    long n = readlink(p, b, sizeof b - 1);
    if (n < 0)
        return say("link: %s", ename(errno));
    b[n] = 0;
    say("link: %s", strncmp(b, conf_dir, strlen(conf_dir)) ? b : b + strlen(conf_dir));
}
