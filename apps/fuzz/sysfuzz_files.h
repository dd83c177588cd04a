// SPDX-License-Identifier: MPL-2.0
// Values of sysfuzz.c for calls on files that need kinds of their own.
#pragma once
static int inotify_fd = -1;
static long file_value(enum kind k)
{
    switch (k) {
    case XNAME: { // both files have it, so that taking it away succeeds
        const char *n = pick(2) ? "user.a" : "user.b";
        for (int i = 0; i < 2; i++)
            syscall(SYS_fsetxattr, fds[i], n, "v", 1, 0);
        return text(n);
    }
    case XFLAGS: return pick(8) ? 0 : pick(3);
    case INFD: if (inotify_fd < 0) inotify_fd = syscall(SYS_inotify_init1, 04000); return inotify_fd;
    case INMASK: return 1 + pick(0xfff);
    case WD: return syscall(SYS_inotify_add_watch, file_value(INFD), ".", 0xfff);
    case INFLAGS: return ONEOF(0, 04000, 02000000);
    case HOWARG: { unsigned long how[3] = {ONEOF(0, 02, 0200000), 0, ONEOF(0, 0, 1, 2, 4, 8)}; return (long)copy(how, sizeof how); }
    case HOWSIZE: return 24;
    case HANDLE: { struct { unsigned bytes; int type; char data[128]; } h = {ONEOF(128, 12, 12, 0, 8), 1, {0}}; int id; syscall(SYS_name_to_handle_at, AT_FDCWD, ".", &h, &id, 0); return (long)copy(&h, sizeof h); }
    case HANDLEFLAGS: return ONEOF(0, 0, 1, 0x200, 0x400, 0x1000);
    case RWFLAGS: return ONEOF(0, 0, 0, 1, 2, 4, 16, 32, 8);
    case KINDOP: return ONEOF(2, 2, 3);
    case KIND: return pick(3);
    case DEVICE: { struct stat st; stat(".", &st); return st.st_dev; }
    default: return more_value(k);
    }
}
