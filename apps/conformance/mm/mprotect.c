// SPDX-License-Identifier: MPL-2.0
// mprotect: every change of rights, over several mappings, with holes; code made at run time.
// Covers: mprotect
#include "../conf.h"
#include <setjmp.h>
static sigjmp_buf env;
static void caught(int s) { (void)s; siglongjmp(env, 1); }
static const char *rights(volatile char *p)
{
    static char b[4];
    strcpy(b, "---");
    if (!sigsetjmp(env, 1))
        (void)*p, b[0] = 'r';
    if (!sigsetjmp(env, 1))
        *p = *p, b[1] = 'w';
    if (b[0] == 'r' && *(unsigned char *)p == 0xc3 && !sigsetjmp(env, 1))
        ((void (*)(void))p)(), b[2] = 'x';
    return b;
}
static void test(void)
{
    on(SIGSEGV, caught, 0);
    char *p = mmap(0, 8 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    memset(p, 0xc3, 8 * PAGE);
    for (int prot = 0; prot < 8; prot++) {
        if (prot == PROT_EXEC)
            continue; // whether this can be read depends on the processor
        int r = mprotect(p, PAGE, prot);
        say("%c%c%c: %d, is %s", prot & 1 ? 'r' : '-', prot & 2 ? 'w' : '-', prot & 4 ? 'x' : '-', r, rights(p));
    }
    R(mprotect(p, 8 * PAGE, PROT_READ));
    R(mprotect(p + PAGE, 2 * PAGE, PROT_READ | PROT_WRITE));
    R(mprotect(p + 2 * PAGE, 3 * PAGE, PROT_NONE));
    for (int i = 0; i < 8; i++)
        say("page %d: %s", i, rights(p + i * PAGE));
    R(mprotect(p, 8 * PAGE, PROT_READ | PROT_WRITE));
    say("contents kept %d", (unsigned char)p[3 * PAGE] == 0xc3 && (unsigned char)p[PAGE] == 0xc3);
    R(SC(mprotect, p + 1, PAGE, PROT_READ));
    R(SC(mprotect, p, 0, PROT_READ));
    R(SC(mprotect, p, 1, PROT_READ)), S(rights(p)), S(rights(p + PAGE));
    R(SC(mprotect, p, PAGE, 0x1000));
    R(SC(mprotect, p, -PAGE, PROT_READ));
    munmap(p + 4 * PAGE, PAGE);
    R(SC(mprotect, p + PAGE, 6 * PAGE, PROT_READ)); // the part before the hole has been changed
    S(rights(p + 3 * PAGE)), S(rights(p + 5 * PAGE));
    R(SC(mprotect, p + 4 * PAGE, PAGE, PROT_READ));
    R(SC(mprotect, 1ul << 56, PAGE, PROT_READ));
    // Code is written, then made executable, then changed.
    unsigned char *code = mmap(0, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    memcpy(code, (unsigned char[]){0xb8, 7, 0, 0, 0, 0xc3}, 6);
    R(mprotect(code, PAGE, PROT_READ | PROT_EXEC));
    V(((int (*)(void))code)());
    R(mprotect(code, PAGE, PROT_READ | PROT_WRITE)), code[1] = 9, R(mprotect(code, PAGE, PROT_READ | PROT_EXEC));
    V(((int (*)(void))code)());
    // Rights after fork are each process's own; a copied page may be written after rw is back.
    char *q = mmap(0, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    *q = 1;
    pid_t c;
    CHILD(c) { mprotect(q, PAGE, PROT_READ); say("child %s", rights(q)); mprotect(q, PAGE, 3); *q = 2; say("child %s %d", rights(q), *q); }
    reap("child", c);
    say("parent %s %d", rights(q), *q);
    // System calls obey.
    int pp[2];
    pipe(pp), write(pp[1], "x", 1);
    mprotect(q, PAGE, PROT_READ), R(read(pp[0], q, 1)), R(write(pp[1], q, 1));
    mprotect(q, PAGE, PROT_NONE), R(write(pp[1], q, 1));
    mprotect(q, PAGE, PROT_READ | PROT_WRITE), R(read(pp[0], q, 1));
}
