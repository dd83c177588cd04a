// SPDX-License-Identifier: MPL-2.0
// process_vm_readv and process_vm_writev: pieces, what a fault leaves, limits of pieces, errors in order, who may.
// Covers: process_vm_readv process_vm_writev
#include <sys/uio.h>
#include "../conf.h"
static pid_t child;
static char *area;
static void other(void)
{
    char b[4];
    struct iovec l = {b, 4}, r = {area, 4};
    R(SC(process_vm_readv, child, &l, 1, &r, 1, 0));
}
static void test(void)
{
    static char b[3 * PAGE];
    static struct iovec many[1025];
    struct gate g = gate_make(), ready = gate_make();
    area = mmap(0, 4 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    strcpy(area, "parent");
    CHILD(child) {
        strcpy(area, "child text");
        strcpy(area + PAGE, "second page");
        mprotect(area + 2 * PAGE, PAGE, PROT_NONE);
        mprotect(area + PAGE, PAGE, PROT_READ);
        gate_open(ready), gate_wait(g);
        S(area);
    }
    gate_wait(ready);
    struct iovec l[2] = {{b, 5}, {b + 100, 20}}, r[2] = {{area, 10}, {area + PAGE, 11}};
    R(SC(process_vm_readv, child, l, 2, r, 2, 0));
    B(b, 5), B(b + 100, 17);
    S(area);
    R(SC(process_vm_readv, child, l, 1, r, 2, 0));
    R(SC(process_vm_readv, child, l, 2, r, 1, 0));
    R(SC(process_vm_readv, child, l, 2, r, 2, 1));
    R(SC(process_vm_readv, child, l, 0, BAD, 1, 0));
    R(SC(process_vm_readv, child, l, 1, r, 0, 0));
    R(SC(process_vm_readv, -1, l, 1, r, 0, 0));
    R(SC(process_vm_readv, child, BAD, 1, r, 1, 0));
    R(SC(process_vm_readv, child, l, 1, BAD, 1, 0));
    R(SC(process_vm_readv, child, many, 1025, r, 1, 0));
    R(SC(process_vm_readv, child, l, 1, many, 1025, 0));
    R(SC(process_vm_readv, 0, l, 1, r, 1, 0));
    R(SC(process_vm_readv, -1, l, 1, r, 1, 0));
    many[0].iov_base = area, many[0].iov_len = -1;
    R(SC(process_vm_readv, child, l, 1, many, 1, 0));
    R(SC(process_vm_readv, child, many, 1, r, 1, 0));
    struct iovec big = {b, sizeof b}, cross = {area + PAGE, 3 * PAGE}, none = {area + 2 * PAGE, 8}, high = {(void *)-8l, 8}, wild = {BAD, 8};
    R(SC(process_vm_readv, child, &big, 1, &cross, 1, 0)); // up to the inaccessible page
    R(SC(process_vm_readv, child, &big, 1, &none, 1, 0));
    R(SC(process_vm_readv, child, &big, 1, &high, 1, 0));
    R(SC(process_vm_readv, child, &wild, 1, r, 1, 0));
    strcpy(b, "written!");
    struct iovec w = {b, 9}, ro = {area + PAGE, 9}, to[2] = {{area, 9}, {area + PAGE, 9}};
    R(SC(process_vm_writev, child, &w, 1, &ro, 1, 0)); // not writable there
    R(SC(process_vm_writev, child, &w, 1, to, 2, 0));
    struct iovec two[2] = {{b, 9}, {b, 9}};
    R(SC(process_vm_writev, child, two, 2, to, 2, 0));
    R(SC(process_vm_writev, child, &w, 1, to, 1, 2));
    as_user(1000, other);
    struct iovec own = {area, 6};
    R(SC(process_vm_readv, getpid(), &w, 1, &own, 1, 0)); // itself
    B(b, 6);
    gate_open(g);
    siginfo_t i;
    R(SC(waitid, P_PID, child, &i, WEXITED | WNOWAIT, 0));
    R(SC(process_vm_readv, child, l, 1, r, 1, 0)); // a zombie
    reap("child", child);
    R(SC(process_vm_readv, child, l, 1, r, 1, 0));
}
