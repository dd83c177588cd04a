// SPDX-License-Identifier: MPL-2.0
// Helpers of the programs on core dumps: settings of the system, which are put back, and reading core files.
#pragma once
#include "../conf.h"
#include <elf.h>
#include <sys/prctl.h>
#include <sys/procfs.h>
#include <sys/resource.h>
#include <sys/user.h>

#define PATTERN "/proc/sys/kernel/core_pattern"
static char old_pattern[200], old_pid[20], old_suid[20];
__attribute__((unused)) static void set(const char *path, const char *value)
{
    if (put_file(path, value, 0))
        say("%s: %s", path, ename(errno));
}
__attribute__((unused)) static void settings_keep(void)
{
    get_file(PATTERN, old_pattern, sizeof old_pattern), get_file("/proc/sys/kernel/core_uses_pid", old_pid, sizeof old_pid), get_file("/proc/sys/fs/suid_dumpable", old_suid, sizeof old_suid);
    set(PATTERN, "core\n"), set("/proc/sys/kernel/core_uses_pid", "0\n"), set("/proc/sys/fs/suid_dumpable", "0\n");
}
__attribute__((unused)) static void settings_restore(void)
{
    set(PATTERN, old_pattern), set("/proc/sys/kernel/core_uses_pid", old_pid), set("/proc/sys/fs/suid_dumpable", old_suid);
}
__attribute__((unused)) static int limit_core(rlim_t n)
{
    struct rlimit r = {n, RLIM_INFINITY};
    return setrlimit(RLIMIT_CORE, &r);
}

struct core {
    int fd;
    long size;
    Elf64_Ehdr head;
    Elf64_Phdr *parts;
    char *notes;
    long notes_size;
};
__attribute__((unused)) static int core_open(struct core *c, const char *path)
{
    struct stat st;
    memset(c, 0, sizeof *c);
    if ((c->fd = open(path, O_RDONLY)) < 0)
        return -1;
    fstat(c->fd, &st), c->size = st.st_size;
    if (pread(c->fd, &c->head, sizeof c->head, 0) != sizeof c->head)
        return -1;
    c->parts = calloc(c->head.e_phnum, sizeof *c->parts);
    if (pread(c->fd, c->parts, c->head.e_phnum * sizeof *c->parts, c->head.e_phoff) != (long)(c->head.e_phnum * sizeof *c->parts))
        return -1;
    c->notes_size = c->parts[0].p_filesz, c->notes = malloc(c->notes_size);
    return pread(c->fd, c->notes, c->notes_size, c->parts[0].p_offset) == c->notes_size ? 0 : -1;
}
__attribute__((unused)) static void core_close(struct core *c) { close(c->fd), free(c->parts), free(c->notes); }
// The part that has this address; null if none.
__attribute__((unused)) static Elf64_Phdr *core_part(struct core *c, const void *at)
{
    for (int i = 1; i < c->head.e_phnum; i++)
        if ((unsigned long)at - c->parts[i].p_vaddr < c->parts[i].p_memsz)
            return c->parts + i;
    return 0;
}
// The byte of the memory at this address, -1 if it was not dumped.
__attribute__((unused)) static int core_byte(struct core *c, const void *at)
{
    Elf64_Phdr *p = core_part(c, at);
    unsigned char b;
    if (!p || (unsigned long)at - p->p_vaddr >= p->p_filesz || pread(c->fd, &b, 1, p->p_offset + ((unsigned long)at - p->p_vaddr)) != 1)
        return -1;
    return b;
}
// Walks the notes: *at begins at 0. Null at the end.
__attribute__((unused)) static Elf64_Nhdr *core_note(struct core *c, long *at, const char **name, char **content)
{
    if (*at + (long)sizeof(Elf64_Nhdr) > c->notes_size)
        return 0;
    Elf64_Nhdr *n = (Elf64_Nhdr *)(c->notes + *at);
    *name = (char *)(n + 1), *content = c->notes + *at + sizeof *n + ((n->n_namesz + 3) & ~3u);
    *at += sizeof *n + ((n->n_namesz + 3) & ~3u) + ((n->n_descsz + 3) & ~3u);
    return n;
}
__attribute__((unused)) static const char *note_text(unsigned type)
{
    switch (type) {
    case NT_PRSTATUS: return "PRSTATUS";
    case NT_FPREGSET: return "FPREGSET";
    case NT_PRPSINFO: return "PRPSINFO";
    case NT_AUXV: return "AUXV";
    case NT_SIGINFO: return "SIGINFO";
    case NT_FILE: return "FILE";
    case NT_X86_XSTATE: return "X86_XSTATE";
    default: return "?";
    }
}
