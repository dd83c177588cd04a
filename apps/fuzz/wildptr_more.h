// SPDX-License-Identifier: MPL-2.0
// The second half of wildptr.c: calls that need a child of their own or children to ask for, addresses of memory itself, and the
// arguments that the first half leaves out.
#pragma once
#include "numbers.h"
#ifndef SYS_fchmodat2
#define SYS_fchmodat2 452
#endif
#ifndef SYS_mseal
#define SYS_mseal 462
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
    WC(brk, 0, 0), WC(madvise, 0, 0, PAGE, MADV_NORMAL), WC(madvise, 0, 0, PAGE, MADV_DONTNEED), WC(msync, 0, 0, PAGE, MS_SYNC), WC(mincore, 0, 0, PAGE, P buf), WC(mlock, 0, 0, 8), WC(munlock, 0, 0, 8), WC(mlock2, 0, 0, 8, 0), WC(mseal, 0, 0, PAGE, 0);
    // Children: their memory and their ends
    // (a stack that is not canonical: SIGBUS by hardware, SIGSEGV by emulators)
    skip = 9, WF(clone, 1, SIGCHLD, 0, 0, 0, 0), skip = 0, WF(clone, 2, CLONE_PARENT_SETTID | SIGCHLD, 0, 0, 0, 0), WF(clone, 3, CLONE_CHILD_SETTID | SIGCHLD, 0, 0, 0, 0), WF(clone, 3, CLONE_CHILD_CLEARTID | SIGCHLD, 0, 0, 0, 0), WF(clone, 4, CLONE_SETTLS | SIGCHLD, 0, 0, 0, 0);
    WC(set_tid_address, 0, 0), WC(set_robust_list, 0, 0, 24), WC(rseq, 0, 0, 32, 0, 0), WC(rseq, 0, 0, 64, 0, 0), W(getcpu, 0, 0, 0), W(getcpu, 1, 0, 0);
    long v2[6] = {1, P buf & -8, 2, 1, P buf & -8, 2}, past[2] = {0, 0};
    W(futex_wake, 0, 0, 1, 1, 2), W(futex_wait, 0, 0, 77, 1, 2, P past, 1), W(futex_wait, 4, P buf & -8, 77, 1, 2, 0, 1), W(futex_requeue, 0, 0, 0, 1, 1), W(futex_waitv, 0, 0, 2, 0, P past, 1), skip = 1, W(futex_waitv, 3, P v2, 2, 0, 0, 1), skip = 0;
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
    W(sched_setattr, 1, 0, 0, 0), W(sched_getattr, 1, 0, 0, 56, 0), W(kcmp, 4, getpid(), getpid(), 7, fd, 0);
    int sem = SC(semget, 0, 3, 0600), queue = SC(msgget, 0, 0600); // zeros as operations: wait for zero
    W(semop, 1, sem, 0, 1), W(semop, 1, sem, 0, 500), skip = 1, W(semtimedop, 3, sem, P buf, 1, 0), skip = 0, W(semtimedop, 1, sem, 0, 1, P &one_ns), W(semctl, 3, sem, 0, 1, 0), W(semctl, 3, sem, 0, 2, 0), W(semctl, 3, 0, 0, 3, 0), W(semctl, 3, 0, 0, 19, 0), W(semctl, 3, sem, 0, 13, 0), W(semctl, 3, sem, 0, 17, 0), SC(semctl, sem, 0, 0, 0);
    long letter[2] = {1, 7};
    W(msgsnd, 1, queue, 0, 8, 04000), SC(msgsnd, queue, letter, 8, 0), W(msgrcv, 1, queue, 0, 8, 0, 044000), W(msgctl, 2, queue, 1, 0), W(msgctl, 2, queue, 2, 0), W(msgctl, 2, 0, 3, 0), W(msgctl, 2, 0, 12, 0);
    for (int i = 0; i < 6; i++) SC(msgsnd, queue, letter, 8, 04000);
    W(msgrcv, 1, queue, 0, 8, 0, 04000), SC(msgctl, queue, 0, 0);
    int self = SC(pidfd_open, getpid(), 0);
    struct iovec one = {buf, 4};
    W(pidfd_send_signal, 2, self, 0, 0, 0), W(process_vm_readv, 1, getpid(), 0, 1, P &one, 1, 0), W(process_vm_readv, 3, getpid(), P &one, 1, 0, 1, 0), W(process_vm_writev, 1, getpid(), 0, 1, P &one, 1, 0), W(process_vm_writev, 3, getpid(), P &one, 1, 0, 1, 0), close(self);
    struct { unsigned bytes; int type; char data[128]; } handle = {128, 0, {0}};
    int mount_id;
    W(name_to_handle_at, 1, AT_FDCWD, 0, P &handle, P &mount_id, 0), skip = 16, W(name_to_handle_at, 2, AT_FDCWD, P ".", 0, P &mount_id, 0), W(open_by_handle_at, 1, AT_FDCWD, 0, 0), skip = 0, handle.bytes = 128, W(name_to_handle_at, 3, AT_FDCWD, P ".", P &handle, 0, 0), W(ustat, 1, 0, 0);
    // Files
    W(mount, 0, 0, P "d", P "nofs", 0, 0), W(mount, 4, P "x", P "d", P "nofs", 0, 0), W(fchmodat2, 1, AT_FDCWD, 0, 0644, 0), W(futimesat, 2, AT_FDCWD, P "f", 0), W(pwritev2, 1, mem, 0, 1, 0, 0, 0);
    W(copy_file_range, 3, mem, 0, mem, 0, 1, 0), W(splice, 1, fd, 0, pw, 0, 1, 2), fill(), W(splice, 3, pr, 0, mem, 0, 1, 2);
    while (read(pr, buf, sizeof buf) > 0) {}
    // Waiting
    W(select, 3, 8, 0, 0, 0, P &zero), W(pselect6, 1, 8, 0, 0, 0, P &zero, 0), W(pselect6, 2, 8, 0, 0, 0, P &zero, 0), W(pselect6, 3, 8, 0, 0, 0, P &zero, 0), W(signalfd, 1, -1, 0, 8);
    W(epoll_pwait2, 1, ep, 0, 1, P &zero, 0, 8), W(epoll_pwait2, 4, ep, P buf, 1, P &zero, 0, 8);
    fill(), W(epoll_wait, 1, ep, 0, 1, 0), W(epoll_pwait, 1, ep, 0, 1, 0, 0, 8), W(epoll_pwait2, 1, ep, 0, 1, P &zero, 0, 8);
}
