// SPDX-License-Identifier: MPL-2.0
// A core file of a process with threads: its headers, its notes, registers and memory.
// Covers: kill
#include "core.h"
#include <pthread.h>
static char mark[3 * PAGE] __attribute__((aligned(4096)));
static struct { int tid; } *shared;
static void *sleeper(void *a)
{
    shared[(long)a].tid = SC(gettid);
    prctl(PR_SET_NAME, "sleeper");
    // In a call, with marks in the registers that it keeps.
    asm volatile("mov %0, %%rbx; mov %1, %%r12; mov $34, %%eax; syscall" :: "r"((long)a + 0x1000), "r"(0x1212l) : "rax", "rbx", "r12", "rcx", "r11", "memory");
    return 0;
}
static void *spinner(void *a)
{
    shared[(long)a].tid = SC(gettid);
    asm volatile("mov %0, %%rbx; 1: jmp 1b" :: "r"((long)a + 0x1000) : "rbx");
    return 0;
}
static void victim(int how)
{
    pthread_t t;
    memset(mark, 'm', PAGE), mark[2 * PAGE] = 'z', shared[0].tid = SC(gettid);
    sigset_t s;
    sigemptyset(&s), sigaddset(&s, SIGUSR1), sigprocmask(SIG_BLOCK, &s, 0), raise(SIGUSR1);
    for (long i = 1; i < 4; i++)
        pthread_create(&t, 0, i < 3 ? sleeper : spinner, (void *)i);
    for (long i = 1; i < 4; i++) {
        while (!*(volatile int *)&shared[i].tid)
            nap(1);
        if (i < 3)
            await_state(getpid(), shared[i].tid, 'S');
    }
    nap(20);
    if (how == 0)
        asm volatile("mov $0x4242, %%r15d; mov $0x0102030405060708, %%rax; movq %%rax, %%xmm7; mov $24, %%ebx; movb $1, (%%rbx)" ::: "rax", "rbx", "r15", "xmm7", "memory");
    else
        kill(getpid(), SIGQUIT), pause();
}
static void show(struct core *c, pid_t p)
{
    long at = 0;
    const char *name;
    char *d;
    Elf64_Nhdr *n;
    int thread = -1, first = 1;
    say("class %d data %d type %d machine %d phoff %ld shnum %d", c->head.e_ident[4], c->head.e_ident[5], c->head.e_type, c->head.e_machine, (long)c->head.e_phoff, c->head.e_shnum);
    say("first part: note %d, memory size %ld, align %ld; the next: load %d", c->parts[0].p_type == PT_NOTE, (long)c->parts[0].p_memsz, (long)c->parts[0].p_align, c->parts[1].p_type == PT_LOAD);
    unsigned long last = 0, end = 0;
    int ordered = 1, aligned = 1;
    for (int i = 1; i < c->head.e_phnum; i++)
        ordered &= c->parts[i].p_vaddr >= last, last = c->parts[i].p_vaddr, aligned &= c->parts[i].p_offset % PAGE == 0 && c->parts[i].p_filesz <= c->parts[i].p_memsz, end = c->parts[i].p_offset + c->parts[i].p_filesz;
    say("in order %d, aligned %d, ends where the file does %d", ordered, aligned, (long)end == c->size);
    int seen[4] = {0};
    char others[4][160] = {{0}};   // they come in the order in which they were stopped
    while ((n = core_note(c, &at, &name, &d))) {
        if (n->n_type == NT_PRSTATUS) {
            struct elf_prstatus *s = (void *)d;
            struct user_regs_struct *r = (void *)s->pr_reg;
            thread = -1;
            for (int i = 0; i < 4; i++)
                if (shared[i].tid == s->pr_pid)
                    thread = i, seen[i]++;
            if (first)
                say("first thread is the one that took the signal: %d; parent %d, group %d, session %d", thread == 0, s->pr_ppid == getpid(), s->pr_pgrp == getpgrp(), s->pr_sid == getsid(0)), say("signal %s cursig %s pending %lx blocked %lx fpvalid %d", sname(s->pr_info.si_signo), sname(s->pr_cursig), s->pr_sigpend, s->pr_sighold, s->pr_fpvalid), say("rbx %llx r15 %llx cs %lx ss %lx orig_rax is none %d", r->rbx == 24 ? 24ull : 0, r->r15 == 0x4242 ? 0x4242ull : 0, r->cs, r->ss, r->orig_rax == ~0ull);
            else if (thread > 0)
                sprintf(others[thread], thread < 3 ? "a sleeper: mark %d r12 %d call %lld result %lld" : "a spinner: mark %d %d call %lld", (long)r->rbx == thread + 0x1000, thread == 3 || r->r12 == 0x1212, (long long)r->orig_rax, (long long)r->rax);
        } else if (first || n->n_type == 1) {
            if (n->n_type == NT_PRPSINFO) {
                struct elf_prpsinfo *i = (void *)d;
                say("process: pid %d parent %d uid %d gid %d nice %d zombie %d name \"%.16s\" arguments %d", i->pr_pid == p, i->pr_ppid == getpid(), i->pr_uid, i->pr_gid, i->pr_nice, i->pr_zomb, "", i->pr_psargs[0] != 0);
            } else if (n->n_type == NT_SIGINFO) {
                siginfo_t *i = (void *)d;
                say("siginfo: %s %s address %p", sname(i->si_signo), cname(i->si_signo, i->si_code), i->si_signo == SIGSEGV ? i->si_addr : 0);
            } else if (n->n_type == NT_AUXV) {
                unsigned long *v = (void *)d;
                int pages = 0, terminated = 0;
                for (unsigned i = 0; i < n->n_descsz / 8; i += 2)
                    pages |= v[i] == AT_PAGESZ && v[i + 1] == PAGE, terminated = v[i] == AT_NULL && i + 2 == n->n_descsz / 8;
                say("auxv: page size %d, ends with nothing %d", pages, terminated);
            } else if (n->n_type == NT_FILE) {
                unsigned long *v = (void *)d, count = v[0];
                char *s = d + 16 + 24 * count;
                int here = 0;
                for (unsigned long i = 0; i < count; i++, s += strlen(s) + 1)
                    here |= v[2 + 3 * i] <= (unsigned long)test && (unsigned long)test < v[3 + 3 * i] && !strcmp(strrchr(s, '/'), strrchr(conf_self, '/'));
                say("files: page size %lu, our program is one %d, all of the note %d", v[1], here, s == d + n->n_descsz);
            } else if (n->n_type == NT_FPREGSET)
                say("floating point: xmm7 %d, size %d", *(long *)(d + 160 + 7 * 16) == 0x0102030405060708, n->n_descsz);
        }
        if (first && n->n_type != 0x205 && n->n_type != NT_X86_XSTATE)
            say("note %s \"%s\" of %s", note_text(n->n_type), name, thread == 0 ? "the first" : "another");
        if (n->n_type == NT_FPREGSET)
            first = 0;
    }
    for (int i = 1; i < 4; i++)
        S(others[i]);
    say("threads: %d %d %d %d", seen[0], seen[1], seen[2], seen[3]);
    say("memory: %c %d %c", core_byte(c, mark), core_byte(c, mark + PAGE), core_byte(c, mark + 2 * PAGE));
    Elf64_Phdr *code = core_part(c, (void *)test);
    say("the code is part of a mapping that is readable %d, executable %d, dumped %ld", code && code->p_flags & PF_R, code && code->p_flags & PF_X, code ? (long)code->p_filesz : -1);
}
static void test(void)
{
    pid_t p;
    struct core c;
    shared = mmap(0, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    settings_keep(), R(limit_core(RLIM_INFINITY));
    for (int how = 0; how < 2; how++) {
        memset(shared, 0, PAGE);
        CHILD(p) victim(how);
        reap("victim", p);
        if (core_open(&c, "core")) {
            say("no core file: %s", ename(errno));
            continue;
        }
        if (how == 0)
            show(&c, p);
        else {
            long at = 0;
            const char *name;
            char *d;
            int status = 0, cursig = 0;
            for (Elf64_Nhdr *n; (n = core_note(&c, &at, &name, &d));)
                if (n->n_type == NT_PRSTATUS)
                    status++, cursig |= ((struct elf_prstatus *)d)->pr_cursig;
                else if (n->n_type == NT_SIGINFO)
                    say("siginfo: %s %s from itself %d", sname(((siginfo_t *)d)->si_signo), cname(3, ((siginfo_t *)d)->si_code), ((siginfo_t *)d)->si_pid == p);
            say("threads %d, signal %s", status, sname(cursig));
        }
        core_close(&c), unlink("core");
    }
    settings_restore();
}
