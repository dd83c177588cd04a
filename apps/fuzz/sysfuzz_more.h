// SPDX-License-Identifier: MPL-2.0
// Values of sysfuzz.c for calls on CPUs, memory and waiting that need kinds of their own.
#pragma once
static int rseq_on;
static char rseq_area[32] __attribute__((aligned(32))); // not where other calls write
static long more_value(enum kind k)
{
    switch (k) {
    case RSEQAREA: return (long)rseq_area;
    case RSEQLEN: return 32;
    case RSEQHOW: return pick(8) ? (rseq_on = !rseq_on, !rseq_on) : pick(3);
    case BARRIER: return ONEOF(0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512);
    case FUTEX2: return ONEOF(2, 2 | 128);
    case WAITV: { unsigned long v[6] = {0, (long)room(8) & ~7l, more_value(FUTEX2), 0, (long)room(8) & ~7l, more_value(FUTEX2)}; return (long)copy(v, sizeof v); }
    case SCHEDATTR: { unsigned a[14] = {56, ONEOF(0, 3, 0, 5), ONEOF(0, 8, 16), 0, 19}; return (long)copy(a, sizeof a); }
    case ATTRSIZE: return ONEOF(48, 56, 64);
    case IOWHICH: return ONEOF(1, 1, 2);
    case IOPRIO: return ONEOF(0, 2, 3) << 13;
    case KCMPTYPE: return pick(8);
    case PIDFD: {
        static int fd = -1; // gone when another call closed it
        if (fcntl(fd, F_GETFD) < 0) fd = syscall(SYS_pidfd_open, getpid(), 0);
        return fd;
    }
    case PIDFLAGS: return ONEOF(0, 0, 04000, 0200);
    default: return (long)rnd();
    }
}
