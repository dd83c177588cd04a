// SPDX-License-Identifier: MPL-2.0
// The second half of wildptr.c: calls that need a child of their own or children to ask for, addresses of memory itself, and the
// arguments that the first half leaves out.
#pragma once
#ifndef SYS_fchmodat2
#define SYS_fchmodat2 452
#endif

// In a child: what the call does to the process does not matter.
#define WC(name, pos, ...) ({ pid_t c_; CHILD(c_) { W(name, pos, __VA_ARGS__); } waitpid(c_, 0, 0); })
// Makes a child, which ends at once.
#define WF(name, pos, ...) ({ \
    char line[300]; int n = sprintf(line, "%s %d:", #name, pos); \
    for (int k = 0; k < 6; k++) { \
        if (skip >> k & 1) continue; \
        *(volatile char *)wild[4] = 'x'; \
        long a[6] = {__VA_ARGS__}; a[pos] = wild[k]; errno = 0; \
        long r = syscall(SYS_##name, a[0], a[1], a[2], a[3], a[4]); \
        if (r == 0) _exit(7); \
        n += answer(line + n, k, r); \
        int st = 0; \
        if (r > 0) waitpid(r, &st, 0), n += sprintf(line + n, ",%s", status_text(st)); \
    } \
    say("%s", line); })
// Asks for a child that has ended; whether it is gone then.
#define WZ(name, pos, ...) ({ \
    char line[300]; int n = sprintf(line, "%s %d:", #name, pos); \
    for (int k = 0; k < 6; k++) { \
        pid_t c_; CHILD(c_) {} \
        await_state(c_, 0, 'Z'); \
        *(volatile char *)wild[4] = 'x'; \
        long a[6] = {__VA_ARGS__}; a[pos] = wild[k]; errno = 0; \
        long r = syscall(SYS_##name, a[0], a[1], a[2], a[3], a[4]); \
        n += answer(line + n, k, r), n += sprintf(line + n, waitpid(c_, 0, 0) == c_ ? ",there" : ",gone"); \
    } \
    say("%s", line); })

// Restarting with a text from there; a readable one would do it.
static void reboots(void)
{
    int faults = 1;
    for (int k = 0; k < 5; k++)
        errno = 0, SC(access, wild[k], 0), faults &= errno == EFAULT;
    if (faults)
        WC(reboot, 3, 0xfee1dead, 672274793, 0xa1b2c3d4, 0);
}
static void part(void)
{
    struct { unsigned version; int pid; } header = {0x20080522, 0};
    unsigned caps[6];
    long anon = MAP_PRIVATE | MAP_ANONYMOUS, fixed = anon | MAP_FIXED;
    SC(capget, &header, caps);
    // Memory at these addresses
    skip = 1, WC(mmap, 0, 0, PAGE, PROT_READ, fixed, -1, 0), WC(mmap, 0, 0, PAGE, PROT_READ, anon | MAP_FIXED_NOREPLACE, -1, 0), skip = 0;
    WC(munmap, 0, 0, PAGE), WC(mprotect, 0, 0, PAGE, PROT_READ), WC(mremap, 0, 0, PAGE, 2 * PAGE, MREMAP_MAYMOVE), skip = 1, WC(mremap, 4, P buf & -PAGE, PAGE, PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, 0), skip = 0;
    WC(brk, 0, 0), WC(madvise, 0, 0, PAGE, MADV_NORMAL), WC(madvise, 0, 0, PAGE, MADV_DONTNEED), WC(msync, 0, 0, PAGE, MS_SYNC), WC(mincore, 0, 0, PAGE, P buf), WC(mlock, 0, 0, 8), WC(munlock, 0, 0, 8), WC(mlock2, 0, 0, 8, 0);
    // Children: their memory and their ends
    // (a stack that is not canonical: SIGBUS by hardware, SIGSEGV by emulators)
    skip = 9, WF(clone, 1, SIGCHLD, 0, 0, 0, 0), skip = 0, WF(clone, 2, CLONE_PARENT_SETTID | SIGCHLD, 0, 0, 0, 0), WF(clone, 3, CLONE_CHILD_SETTID | SIGCHLD, 0, 0, 0, 0), WF(clone, 3, CLONE_CHILD_CLEARTID | SIGCHLD, 0, 0, 0, 0), WF(clone, 4, CLONE_SETTLS | SIGCHLD, 0, 0, 0, 0);
    WC(set_tid_address, 0, 0), WC(set_robust_list, 0, 0, 24);
    WZ(wait4, 1, -1, 0, 0, 0), WZ(wait4, 3, -1, 0, 0, 0), WZ(waitid, 2, P_ALL, 0, 0, WEXITED, 0), WZ(waitid, 4, P_ALL, 0, 0, WEXITED, 0), WZ(waitid, 2, P_ALL, 0, 0, WEXITED | WNOWAIT, 0);
    W(execveat, 2, AT_FDCWD, P "./text", 0, 0, 0), W(execveat, 3, AT_FDCWD, P "./text", 0, 0, 0), W(rt_tgsigqueueinfo, 3, getpid(), gettid(), 0, 0);
    // Ids and the machine
    W(getresgid, 1, P buf, 0, P buf), W(getresgid, 2, P buf, P buf, 0), W(capget, 1, P &header, 0), W(capset, 0, 0, P caps), skip = 32, WC(capset, 1, P &header, 0), reboots(), skip = 33, WC(setdomainname, 0, 0, 2), skip = 0;
    // Something to read, though a program before this one may have cleared the log (no matter where there is no such device).
    int log = open("/dev/kmsg", O_WRONLY);
    if (log >= 0) write(log, "bad addresses\n", 14), close(log);
    W(syslog, 1, 3, 0, 100), W(settimeofday, 1, 0, 0), W(adjtimex, 0, 0), W(clock_adjtime, 1, CLOCK_REALTIME, 0), W(clock_nanosleep, 3, CLOCK_MONOTONIC, 0, P &one_ns, 0);
    int shared = SC(shmget, 0, 4096, 0600); // attached in a child: an address that is free gets it
    WC(shmat, 1, shared, 0, 0, 0, 0), WC(shmdt, 0, 0), W(shmctl, 2, shared, 2, 0, 0, 0), W(shmctl, 2, shared, 1, 0, 0, 0), W(shmctl, 2, 0, 3, 0, 0, 0), W(shmctl, 2, 0, 14, 0, 0, 0), SC(shmctl, shared, 0, 0);
    // Files
    W(mount, 0, 0, P "d", P "nofs", 0, 0), W(mount, 4, P "x", P "d", P "nofs", 0, 0), W(fchmodat2, 1, AT_FDCWD, 0, 0644, 0), W(futimesat, 2, AT_FDCWD, P "f", 0), W(pwritev2, 1, mem, 0, 1, 0, 0, 0);
    W(copy_file_range, 3, mem, 0, mem, 0, 1, 0), W(splice, 1, fd, 0, pw, 0, 1, 2), fill(), W(splice, 3, pr, 0, mem, 0, 1, 2);
    while (read(pr, buf, sizeof buf) > 0) {}
    // Waiting
    W(select, 3, 8, 0, 0, 0, P &zero), W(pselect6, 1, 8, 0, 0, 0, P &zero, 0), W(pselect6, 2, 8, 0, 0, 0, P &zero, 0), W(pselect6, 3, 8, 0, 0, 0, P &zero, 0), W(signalfd, 1, -1, 0, 8);
    W(epoll_pwait2, 1, ep, 0, 1, P &zero, 0, 8), W(epoll_pwait2, 4, ep, P buf, 1, P &zero, 0, 8);
    fill(), W(epoll_wait, 1, ep, 0, 1, 0), W(epoll_pwait, 1, ep, 0, 1, 0, 0, 8), W(epoll_pwait2, 1, ep, 0, 1, P &zero, 0, 8);
}
