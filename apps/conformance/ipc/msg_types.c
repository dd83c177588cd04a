// SPDX-License-Identifier: MPL-2.0
// Which message msgrcv takes: any, of a type, of another type, the lowest, the n-th as a copy; what is too long.
// Covers: msgrcv msgsnd msgctl
#include "msg.h"
static int id;
static void fill(void)
{
    static const struct { long type; const char *text; } all[] = {{5, "five"}, {3, "three"}, {9, "nine"}, {3, "three again"}, {1, "one"}, {5, "five again"}, {LONG_MAX, "last"}};
    while (SC(msgrcv, id, &got, 20000, 0, NOWAIT) >= 0) {}
    for (size_t i = 0; i < ARRAY(all); i++)
        put(id, all[i].type, all[i].text, 0);
}
static void test(void)
{
    id = msgget(IPC_PRIVATE, 0600);
    fill(), get("3", id, 100, 3, 0), get("3", id, 100, 3, 0), get("3", id, 100, 3, NOWAIT), get("any", id, 100, 0, 0), get("most", id, 100, LONG_MAX, 0), get("2", id, 100, 2, NOWAIT), show("left", id);
    // Another type than that.
    fill(), get("not 5", id, 100, 5, EXC), get("not 3", id, 100, 3, EXC), get("not 9", id, 100, 9, EXC), get("not 1", id, 100, 1, EXC), get("any, not", id, 100, 0, EXC), get("-5, not", id, 100, -5, EXC);
    for (int i = 0; i < 3; i++)
        get("rest", id, 100, 0, NOWAIT);
    put(id, 4, "four", 0), get("not 4", id, 100, 4, EXC | NOWAIT), get("4", id, 100, 4, 0);
    // The lowest, up to a type.
    fill();
    for (int i = 0; i < 4; i++)
        get("up to 4", id, 100, -4, NOWAIT);
    for (int i = 0; i < 3; i++)
        get("up to 8", id, 100, -8, NOWAIT);
    get("up to the most but one", id, 100, -LONG_MAX + 1, NOWAIT), get("up to the most but one", id, 100, -LONG_MAX + 1, NOWAIT), put(id, 7, "seven", 0), get("the least number", id, 100, LONG_MIN, NOWAIT), get("the least number", id, 100, LONG_MIN, NOWAIT), get("-1", id, 100, -1, NOWAIT);
    // Too long.
    fill(), get("short room", id, 4, 3, 0), get("cut", id, 4, 3, NOERR), get("nothing but the type", id, 0, 3, NOERR), get("no room", id, 0, 9, 0), get("cut", id, 4, 1, NOERR), get("just", id, 4, 9, 0), show("left", id);
    // The first that fits the type counts, even if a later one is short enough.
    put(id, 8, "a long message", 0), put(id, 8, "b", 0), get("the first", id, 1, 8, 0), get("the first", id, 20, 8, 0), get("the second", id, 1, 8, 0);
    // Copies.
    fill();
    for (int i = -1; i < 8; i++)
        get("copy", id, 100, i, COPY | NOWAIT);
    get("copy", id, 100, LONG_MIN, COPY | NOWAIT), get("copy", id, 100, LONG_MAX, COPY | NOWAIT), show("all there", id), get("short copy", id, 3, 1, COPY | NOWAIT), get("cut copy", id, 3, 1, COPY | NOWAIT | NOERR), get("just", id, 5, 1, COPY | NOWAIT);
    get("waits", id, 100, 0, COPY), get("not", id, 100, 0, COPY | NOWAIT | EXC), R(SC(msgrcv, id, BAD, 10, 0, COPY | NOWAIT)), R(SC(msgrcv, id + 1, BAD, 10, 0, COPY | NOWAIT)), R(SC(msgrcv, id + 1, &got, 10, 0, COPY | NOWAIT)), R(SC(msgrcv, id, BAD, 0, 0, COPY | NOWAIT)), show("all there", id);
    get("large room", id, 8192, 6, COPY | NOWAIT), get("then taken", id, 100, 9, 0), get("copy", id, 100, 2, COPY | NOWAIT);
    R(SC(msgctl, id, IPC_RMID, 0));
}
