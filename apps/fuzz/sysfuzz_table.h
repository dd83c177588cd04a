// SPDX-License-Identifier: MPL-2.0
// The system calls sysfuzz makes, with the type of each argument. A type says how a sensible value is made; now and then
// sysfuzz puts something wild in its place. Not here: what ends or replaces the process (exit, execve: see elffuzz), what
// needs root to make sense, and what would reach other processes (kill with a negative number).
#pragma once
#include "numbers.h"
enum kind {
    NONE, ZERO, ONE,
    FD, FILEFD, DIRFD, ATFD, PIPER, PIPEW, TEEFD, EVFD, TMFD, SGFD, EPFD, SOCKFD, MEMFD, PTYFD, CLOSEFD, NEWFD, DIRLIST,
    PATH, FILEPATH, DIRPATH, NEWPATH, LINKPATH, EMPTYDIR, RMPATH, NAME, EMPTYSTR,
    BUF, BUFLEN, OFF, SMALL, LEN, PAGES, PLEN, MODE, OFLAGS, NEWOFLAGS, WHENCE,
    TS, TSABS, TV, ITV, ITS, UTV, SSET, PENDING, SSIZE, LIST, SIG, SIGACT, SIGMINE, SIGINFO, HOW, SIGSTK,
    PID, SELF, CHILD, PGID, UID, GID, ZPID,
    ADDR, ADDRMAP, PROT, MAPFLAGS, ADVICE, MSFLAGS, MRFLAGS, MINCVEC,
    IOV, IOVCNT, POLLFDS, NPOLL, FDSET, NSEL, EPEV, EPOP, ZEROMS,
    CLOCK, SCLOCK, ITIMER, TIMERID, SIGEV, FUTEX, FUTOP, FUTVAL, RES, RLIM, PRIO, PRIONICE, PRIOWHICH, SCHEDPOL, SCHEDPAR, CPUSET, CPUSIZE,
    FCNTLOP, FCNTLARG, IOCTLOP, FLOCKOP, ATFLAGS, ACCMODE, PRCTLOP, ARCHOP, PIPEFLAGS, EVFLAGS, TMFLAGS, SFDFLAGS, EPFLAGS, MEMFLAGS, RNDFLAGS,
    FALLOCMODE, FALLOCFD, WAITOPT, IDTYPE, IDPID, RUWHO, OFFP, RENFLAGS, SHUT, CLONEFLAGS, PERS, ROBUST, MASK, CAPHDR, STXMASK,
    TIMES, STR, ACCFLAGS, SPLFLAGS, DUP3FLAGS, DUP3FD, UMASKV, STREAMS,
    SOCKNEW, SOCKDOM, SOCKTYPE, SOCKNAMED, SOCKWAITED, SOCKADDR, SOCKALEN, SOCKLENP, SOCKLEVEL, SOCKOPT, SOCKVAL, SOCKVLEN, MESSAGE, MESSAGES, RECVFD,
    XNAME, XFLAGS, INFD, INMASK, WD, INFLAGS, HOWARG, HOWSIZE, HANDLE, HANDLEFLAGS, RWFLAGS, KINDOP, KIND, DEVICE, // sysfuzz_files.h
    RSEQAREA, RSEQLEN, RSEQHOW, BARRIER, FUTEX2, WAITV, SCHEDATTR, ATTRSIZE, IOWHICH, IOPRIO, KCMPTYPE, PIDFD, PIDFLAGS, // sysfuzz_more.h
    IPCKEY, IPCFLAGS, IPCBUF, SHMSIZE, SHMID, SHMWHERE, SHMFLAGS, SHMADDR, SHMCMD, SEMN, SEMID, SEMOPS, SEMNOPS, SEMNUM, SEMCMD, SEMARG, MSGID, MSGFULL, MSGP, MSGSIZE, MSGTYPE, MSGFLAGS, MSGCMD, // sysfuzz_ipc.h
};
// Numbers at which sums and shifts go wrong.
static const unsigned long edges[] = {0x7fffffffffffffff, 0x8000000000000000, 0xffffffffffffffff, 0xfffffffffffff000, 0x7ffffffffffff000, 0x7fffffffffffe000, 0x8000000000000001, 0x7fffffff,
                                      0x80000000, 0xffffffff, 0x100000000, 0x7ffff000, 0x7ffffffff000, 0x7fffffffe000, 0x800000000000, 999999999, 1000000000, 4095, 4097, 9223372036, 9223372037,
                                      18446744073, 0x20c49ba5e353f7, 0x7fffffff80000000};
struct call { short nr; const char *name; unsigned char arg[6]; };
#ifndef SYS_mseal
#define SYS_mseal 462
#endif
#define C(name, ...) {SYS_##name, #name, {__VA_ARGS__}}
#undef pread64
#undef pwrite64
#undef getdents64
#undef prlimit64
static const struct call calls[] = {
    C(read, FD, BUF, BUFLEN), C(write, FD, BUF, BUFLEN), C(open, PATH, OFLAGS, MODE), C(openat, ATFD, PATH, OFLAGS, MODE), C(creat, NEWPATH, MODE), C(close, CLOSEFD),
    C(stat, PATH, BUF), C(lstat, PATH, BUF), C(fstat, FD, BUF), C(newfstatat, ATFD, PATH, BUF, ATFLAGS), C(statx, ATFD, PATH, ATFLAGS, STXMASK, BUF),
    C(poll, POLLFDS, NPOLL, ZEROMS), C(ppoll, POLLFDS, NPOLL, TS, SSET, SSIZE), C(select, NSEL, FDSET, FDSET, FDSET, TV), C(pselect6, NSEL, FDSET, FDSET, FDSET, TS, ZERO),
    C(lseek, FILEFD, OFF, WHENCE), C(pread64, FILEFD, BUF, BUFLEN, OFF), C(pwrite64, FILEFD, BUF, BUFLEN, OFF), C(readv, FD, IOV, IOVCNT), C(writev, FD, IOV, IOVCNT),
    C(preadv, FILEFD, IOV, IOVCNT, OFF, ZERO), C(pwritev, FILEFD, IOV, IOVCNT, OFF, ZERO), C(preadv2, FILEFD, IOV, IOVCNT, OFF, ZERO, RWFLAGS), C(pwritev2, FILEFD, IOV, IOVCNT, OFF, ZERO, RWFLAGS),
    C(access, PATH, ACCMODE), C(faccessat, ATFD, PATH, ACCMODE), C(faccessat2, ATFD, PATH, ACCMODE, ACCFLAGS), C(pipe, BUF), C(pipe2, BUF, PIPEFLAGS),
    C(dup, FD), C(dup2, FD, NEWFD), C(dup3, FD, DUP3FD, DUP3FLAGS), C(fcntl, FD, FCNTLOP, FCNTLARG), C(ioctl, PTYFD, IOCTLOP, BUF), C(flock, FILEFD, FLOCKOP),
    C(fsync, FILEFD), C(fdatasync, FILEFD), C(sync), C(syncfs, FILEFD), C(truncate, FILEPATH, LEN), C(ftruncate, FILEFD, LEN), C(fallocate, FALLOCFD, FALLOCMODE, LEN, LEN),
    C(getdents64, DIRLIST, BUF, BUFLEN), C(getcwd, BUF, BUFLEN), C(chdir, DIRPATH), C(fchdir, DIRFD), C(mkdir, NEWPATH, MODE), C(mkdirat, ATFD, NEWPATH, MODE), C(rmdir, EMPTYDIR),
    C(rename, RMPATH, NEWPATH), C(renameat, ATFD, RMPATH, ATFD, NEWPATH), C(renameat2, ATFD, RMPATH, ATFD, NEWPATH, RENFLAGS), C(link, FILEPATH, NEWPATH), C(linkat, ATFD, FILEPATH, ATFD, NEWPATH, ZERO),
    C(unlink, RMPATH), C(unlinkat, ATFD, RMPATH, ZERO), C(symlink, NAME, NEWPATH), C(symlinkat, NAME, ATFD, NEWPATH), C(readlink, LINKPATH, BUF, BUFLEN), C(readlinkat, ATFD, LINKPATH, BUF, BUFLEN),
    C(chmod, FILEPATH, MODE), C(fchmod, FILEFD, MODE), C(fchmodat, ATFD, FILEPATH, MODE), C(chown, FILEPATH, UID, GID), C(fchown, FILEFD, UID, GID), C(lchown, LINKPATH, UID, GID), C(fchownat, ATFD, FILEPATH, UID, GID, ZERO),
    C(umask, UMASKV), C(mknod, NEWPATH, MODE, ZERO), C(mknodat, ATFD, NEWPATH, MODE, ZERO), C(utime, FILEPATH, ZERO), C(utimes, FILEPATH, UTV), C(utimensat, ATFD, FILEPATH, TIMES, ZERO), C(futimesat, ATFD, FILEPATH, UTV),
    C(statfs, PATH, BUF), C(fstatfs, FD, BUF), C(sendfile, PIPEW, FILEFD, OFFP, SMALL), C(copy_file_range, MEMFD, OFFP, MEMFD, OFFP, SMALL, ZERO), C(splice, FILEFD, OFFP, PIPEW, ZERO, SMALL, SPLFLAGS), C(tee, PIPER, TEEFD, SMALL, SPLFLAGS),
    C(mmap, ADDR, PLEN, PROT, MAPFLAGS, MEMFD, PAGES), C(munmap, ADDR, PLEN), C(mprotect, ADDRMAP, PLEN, PROT), C(mremap, ADDRMAP, PLEN, PLEN, MRFLAGS), C(msync, ADDRMAP, PLEN, MSFLAGS), C(madvise, ADDRMAP, PLEN, ADVICE), C(mincore, ADDRMAP, PLEN, BUF),
    C(mlock, ADDRMAP, PLEN), C(munlock, ADDRMAP, PLEN), C(munlockall), C(brk, ZERO), C(memfd_create, NAME, MEMFLAGS), C(membarrier, BARRIER, ZERO, ZERO), C(rseq, RSEQAREA, RSEQLEN, RSEQHOW, ZERO),
    C(futex_wake, FUTEX, ONE, SMALL, FUTEX2), C(futex_wait, FUTEX, FUTVAL, ONE, FUTEX2, TS, ONE), C(futex_requeue, WAITV, ZERO, SMALL, SMALL), C(futex_waitv, WAITV, ONE, ZERO, TS, ONE),
    C(mlock2, ADDRMAP, PLEN, ZERO), C(mseal, ADDRMAP, ZERO, ZERO),
    C(rt_sigaction, SIGMINE, SIGACT, BUF, SSIZE), C(rt_sigprocmask, HOW, SSET, BUF, SSIZE), C(rt_sigpending, BUF, SSIZE), C(rt_sigtimedwait, PENDING, BUF, TS, SSIZE), C(rt_sigqueueinfo, SELF, SIGMINE, SIGINFO), C(rt_tgsigqueueinfo, SELF, SELF, SIGMINE, SIGINFO),
    C(sigaltstack, SIGSTK, BUF), C(kill, CHILD, SIGMINE), C(tkill, CHILD, SIGMINE), C(tgkill, SELF, SELF, SIGMINE), C(alarm, ZERO),
    C(nanosleep, TS, BUF), C(clock_nanosleep, SCLOCK, ZERO, TS, BUF), C(getitimer, ITIMER, BUF), C(setitimer, ONE, ITV, BUF), C(timer_create, SCLOCK, SIGEV, BUF), C(timer_settime, TIMERID, ZERO, ITS, BUF), C(timer_gettime, TIMERID, BUF),
    C(timer_getoverrun, TIMERID), C(clock_gettime, CLOCK, BUF), C(clock_getres, CLOCK, BUF), C(gettimeofday, BUF, ZERO), C(time, BUF), C(times, BUF), C(getpid), C(gettid), C(getppid), C(getuid), C(geteuid), C(getgid), C(getegid), C(getpgrp),
    C(getpgid, PID), C(setpgid, CHILD, PGID), C(getsid, PID), C(getresuid, BUF, BUF, BUF), C(getresgid, BUF, BUF, BUF), C(setuid, UID), C(setgid, GID), C(setreuid, UID, UID), C(setregid, GID, GID), C(setresuid, UID, UID, UID), C(setresgid, GID, GID, GID),
    C(setfsuid, UID), C(setfsgid, GID), C(getgroups, ZERO, BUF), C(capget, CAPHDR, BUF), C(getpriority, PRIOWHICH, ZPID), C(setpriority, PRIOWHICH, SELF, PRIONICE), C(sched_yield), C(sched_getaffinity, ZPID, CPUSIZE, BUF), C(sched_setaffinity, ZPID, CPUSIZE, CPUSET),
    C(sched_getscheduler, ZPID), C(sched_setscheduler, ZPID, SCHEDPOL, SCHEDPAR), C(sched_getparam, ZPID, BUF), C(sched_setparam, ZPID, SCHEDPAR), C(sched_get_priority_max, SCHEDPOL), C(sched_get_priority_min, SCHEDPOL), C(sched_rr_get_interval, ZPID, BUF),
    C(sched_setattr, ZPID, SCHEDATTR, ZERO), C(sched_getattr, ZPID, BUF, ATTRSIZE, ZERO), C(ioprio_set, IOWHICH, ZERO, IOPRIO), C(ioprio_get, IOWHICH, ZERO), C(pidfd_open, SELF, PIDFLAGS), C(pidfd_send_signal, PIDFD, SIGMINE, ZERO, ZERO), C(pidfd_getfd, PIDFD, FD, ZERO),
    C(process_vm_readv, SELF, IOV, IOVCNT, IOV, IOVCNT, ZERO), C(process_vm_writev, SELF, IOV, IOVCNT, IOV, IOVCNT, ZERO), C(kcmp, SELF, SELF, KCMPTYPE, FD, FD),
    C(getrlimit, RES, BUF), C(setrlimit, ZERO, RLIM), C(prlimit64, ZPID, RES, ZERO, BUF), C(getrusage, RUWHO, BUF), C(sysinfo, BUF), C(uname, BUF), C(getcpu, BUF, BUF, ZERO), C(getrandom, BUF, BUFLEN, RNDFLAGS), C(prctl, PRCTLOP, BUF, ZERO, ZERO, ZERO),
    C(arch_prctl, ARCHOP, BUF), C(personality, PERS), C(wait4, CHILD, BUF, WAITOPT, BUF), C(waitid, IDTYPE, IDPID, BUF, WAITOPT, BUF), C(futex, FUTEX, FUTOP, FUTVAL, TS, FUTEX, ONE), C(set_robust_list, ROBUST, LIST), C(get_robust_list, ZERO, BUF, BUF), C(set_tid_address, BUF),
    C(epoll_create, ONE), C(epoll_create1, EPFLAGS), C(epoll_ctl, EPFD, EPOP, STREAMS, EPEV), C(epoll_wait, EPFD, BUF, SMALL, ZEROMS), C(epoll_pwait, EPFD, BUF, SMALL, ZEROMS, SSET, SSIZE), C(epoll_pwait2, EPFD, BUF, SMALL, TS, SSET, SSIZE), C(eventfd, SMALL), C(eventfd2, SMALL, EVFLAGS),
    C(signalfd, SGFD, SSET, SSIZE), C(signalfd4, SGFD, SSET, SSIZE, SFDFLAGS), C(timerfd_create, SCLOCK, TMFLAGS), C(timerfd_settime, TMFD, ZERO, ITS, BUF), C(timerfd_gettime, TMFD, BUF), C(socketpair, SOCKDOM, SOCKTYPE, ZERO, BUF), C(shutdown, SOCKFD, SHUT),
    C(sendto, SOCKFD, BUF, SMALL, MASK, ZERO, ZERO), C(recvfrom, SOCKFD, BUF, SMALL, MASK, ZERO, ZERO), C(socket, SOCKDOM, SOCKTYPE, ZERO), C(bind, SOCKNEW, SOCKADDR, SOCKALEN), C(listen, SOCKNAMED, SMALL), C(accept, SOCKWAITED, ZERO, ZERO), C(accept4, SOCKWAITED, BUF, SOCKLENP, PIPEFLAGS),
    C(connect, SOCKNEW, SOCKADDR, SOCKALEN), C(getsockname, SOCKFD, BUF, SOCKLENP), C(getpeername, SOCKFD, BUF, SOCKLENP), C(setsockopt, SOCKFD, SOCKLEVEL, SOCKOPT, SOCKVAL, SOCKVLEN), C(getsockopt, SOCKFD, SOCKLEVEL, SOCKOPT, BUF, SOCKLENP), C(sendmsg, SOCKFD, MESSAGE, MASK), C(recvmsg, RECVFD, MESSAGE, MASK),
    C(sendmmsg, SOCKFD, MESSAGES, SMALL, MASK), C(recvmmsg, RECVFD, MESSAGES, SMALL, MASK, ZERO), C(setsid), C(rt_sigsuspend, SSET, SSIZE), C(pause), C(fork), C(vfork), C(clone, CLONEFLAGS), C(clone3, BUF, SMALL), C(sethostname, STR, SMALL), C(mount, STR, DIRPATH, STR, ZERO, ZERO),
    C(umount2, DIRPATH, ZERO), C(chroot, DIRPATH), C(clock_settime, CLOCK, TS), C(settimeofday, TV, ZERO), C(setgroups, ONE, BUF), C(reboot, ZERO, ZERO, ZERO, ZERO), C(restart_syscall), C(close_range, NEWFD, NEWFD, ZERO), C(openat2, ATFD, PATH, BUF, SMALL), C(timer_delete, SMALL),
    C(setxattr, FILEPATH, XNAME, BUF, SMALL, XFLAGS), C(lsetxattr, FILEPATH, XNAME, BUF, SMALL, XFLAGS), C(fsetxattr, FILEFD, XNAME, BUF, SMALL, XFLAGS), C(getxattr, FILEPATH, XNAME, BUF, BUFLEN), C(lgetxattr, FILEPATH, XNAME, BUF, BUFLEN),
    C(fgetxattr, FILEFD, XNAME, BUF, BUFLEN), C(listxattr, FILEPATH, BUF, BUFLEN), C(llistxattr, LINKPATH, BUF, BUFLEN), C(flistxattr, FILEFD, BUF, BUFLEN), C(removexattr, FILEPATH, XNAME), C(lremovexattr, FILEPATH, XNAME), C(fremovexattr, FILEFD, XNAME),
    C(inotify_init), C(inotify_init1, INFLAGS), C(inotify_add_watch, INFD, PATH, INMASK), C(inotify_rm_watch, INFD, WD),
    C(name_to_handle_at, ATFD, PATH, HANDLE, BUF, HANDLEFLAGS), C(open_by_handle_at, DIRFD, HANDLE, OFLAGS), C(ustat, DEVICE, BUF), C(sysfs, KINDOP, KIND, BUF), C(vhangup),
    C(sync_file_range, FILEFD, SMALL, LEN, INFLAGS), C(readahead, FILEFD, OFF, LEN), C(vmsplice, PIPEW, IOV, IOVCNT, SPLFLAGS), C(getdents, DIRLIST, BUF, BUFLEN),
    C(shmget, IPCKEY, SHMSIZE, IPCFLAGS), C(shmat, SHMID, SHMWHERE, SHMFLAGS), C(shmdt, SHMADDR), C(shmctl, SHMID, SHMCMD, IPCBUF), C(semget, IPCKEY, SEMN, IPCFLAGS), C(semop, SEMID, SEMOPS, SEMNOPS), C(semtimedop, SEMID, SEMOPS, SEMNOPS, TS), C(semctl, SEMID, SEMNUM, SEMCMD, SEMARG),
    C(msgget, IPCKEY, IPCFLAGS), C(msgsnd, MSGID, MSGP, MSGSIZE, MSGFLAGS), C(msgrcv, MSGFULL, MSGP, MSGSIZE, MSGTYPE, MSGFLAGS), C(msgctl, MSGID, MSGCMD, IPCBUF),
};
// Those that an ordinary user must not succeed with, or that need somebody to wake them: their ratio does not count.
static const char *const refused[] = {"sethostname", "mount", "umount2", "chroot", "clock_settime", "settimeofday", "setgroups", "reboot", "restart_syscall", "clone3", "openat2", "timer_delete", "pause", "rt_sigsuspend", "futex_wait", "futex_waitv", "open_by_handle_at", "vhangup"};
// Those that an ordinary user must not succeed with: their ratio does not count.
#undef C
