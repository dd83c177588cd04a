// SPDX-License-Identifier: MPL-2.0
// Locks of files that live on: what the system keeps for a lock goes with the lock, not with the file. Another folder each
// time (by the process number), so that what one run left behind would not be there for the next one to use.
// Covers: flock fcntl
#include "../conf.h"
#include <dirent.h>
#include <sys/file.h>
static int lives_on(const struct dirent *e) { return e->d_type == DT_DIR && e->d_name[0] != '.' && strcmp(e->d_name, "proc") && strcmp(e->d_name, "sys"); }
static void test(void)
{
    char path[300] = "/";
    long folders = 0, skip;
    DIR *d = opendir("/");
    struct dirent *e;
    while ((e = readdir(d)))
        folders += lives_on(e);
    skip = getpid() % folders, rewinddir(d);
    while ((e = readdir(d)))
        if (lives_on(e) && skip-- == 0)
            snprintf(path, sizeof path, "/%s", e->d_name);
    closedir(d);
    int fd = open(path, O_RDONLY | O_DIRECTORY), other = open(path, O_RDONLY | O_DIRECTORY);
    struct flock l = {.l_type = F_RDLCK, .l_whence = SEEK_SET, .l_len = 1};
    R(flock(fd, LOCK_EX)), R(flock(other, LOCK_SH | LOCK_NB)), R(flock(fd, LOCK_UN)), R(flock(other, LOCK_SH | LOCK_NB));
    R(fcntl(fd, F_SETLK, &l)), R(fcntl(fd, F_GETLK, &l)), V(l.l_type == F_UNLCK);
    // Unlocked by the end of the program: one here, one in a child.
    pid_t p;
    CHILD(p) { R(flock(fd, LOCK_SH)), R(fcntl(fd, F_SETLK, &(struct flock){.l_type = F_RDLCK, .l_whence = SEEK_SET})); }
    reap("child", p);
    R(flock(other, LOCK_EX | LOCK_NB)), close(fd), R(flock(other, LOCK_EX | LOCK_NB));
}
