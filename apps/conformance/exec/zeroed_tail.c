// SPDX-License-Identifier: MPL-2.0
// What follows a program's data in memory up to the end of the page is zero, whatever the file has there: loaders allocate in it.
// Covers: execve
#include "../conf.h"
#include <elf.h>
#include <sys/auxv.h>
static char data[100] = "initialised";
static char zeros[16];
static void test(void)
{
    const Elf64_Phdr *p = (const void *)getauxval(AT_PHDR);
    for (unsigned long i = 0; i < getauxval(AT_PHNUM); i++) {
        if (p[i].p_type != PT_LOAD || !(p[i].p_flags & PF_W))
            continue;
        unsigned long end = p[i].p_vaddr + p[i].p_memsz, page = (end + PAGE - 1) & -PAGE, used = 0;
        for (unsigned long a = end; a < page; a++)
            used += *(const char *)a != 0;
        say("bytes to the end of the page: %s, not zero: %lu", end == page ? "none" : "some", used);
    }
    say("data %s, zeros %d", data, zeros[0]);
}
