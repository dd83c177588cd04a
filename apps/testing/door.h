// SPDX-License-Identifier: MPL-2.0
// What Albireo tells and does for tests when its command line has albireo.testing (services/syscall/test_calls.cpp): options of
// prctl(2) that no other system knows. There, door() gives -1 and EINVAL.
#pragma once
#include <stdint.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { DOOR_DENY_CALL = 0x414c4201, DOOR_DENY_FAULT, DOOR_OUTCOME, DOOR_MEMORY, DOOR_COUNT, DOOR_CALLS, DOOR_PLANT, DOOR_SECRET = 0xb5, DOOR_REFUSED = 1 << 30 };
// Pages, and bytes of live heap objects. `free` and `heap_pages` also change by what allocators keep.
struct door_memory { uint64_t free, user, tables, stacks, heap_pages, heap_bytes, committed, over_budget; };

// How the calls of one number ended since the last DOOR_CALLS, in threads that asked by DOOR_COUNT and their descendants; a bit for
// each errno. DOOR_CALLS fills DOOR_NUMBERS of them.
enum { DOOR_NUMBERS = 512 };
struct door_calls { uint64_t successes, interruptions, errnos[3]; };

static inline long door(int option, long argument) { return syscall(SYS_prctl, option, argument, 0, 0, 0); }
static inline int door_memory(struct door_memory *m) { return (int)door(DOOR_MEMORY, (long)m); }
static inline int door_same(const struct door_memory *a, const struct door_memory *b)
{
    return a->user == b->user && a->tables == b->tables && a->stacks == b->stacks && a->heap_bytes == b->heap_bytes && a->committed == b->committed;
}
// Looks again for up to `ms` milliseconds: what has ended is freed a little later. True when memory is as before.
static inline int door_settled(const struct door_memory *before, struct door_memory *now, int ms)
{
    for (int i = 0;; i++) {
        struct timespec t = {0, 1000000};
        if (door_memory(now) != 0)
            return 0;
        if (door_same(before, now) || i >= ms)
            return door_same(before, now);
        nanosleep(&t, 0);
    }
}
