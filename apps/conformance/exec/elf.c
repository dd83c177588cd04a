// SPDX-License-Identifier: MPL-2.0
// ELF files: what the loader accepts and refuses; the auxiliary vector; stack alignment; the command name.
#include "../conf.h"
#include <elf.h>
#include <sys/auxv.h>
#include <sys/prctl.h>
#include <sys/utsname.h>
static unsigned char image[512];
// A program of one segment: exit(code) with code = the mutation's choice.
static const unsigned char text[] = {0xb8, 60, 0, 0, 0, 0xbf, 42, 0, 0, 0, 0x0f, 0x05};
static Elf64_Ehdr *eh(void) { return (Elf64_Ehdr *)image; }
static Elf64_Phdr *ph(void) { return (Elf64_Phdr *)(image + sizeof(Elf64_Ehdr)); }
static void fresh(void)
{
    memset(image, 0, sizeof image);
    memcpy(eh()->e_ident, "\177ELF\2\1\1", 7);
    eh()->e_type = ET_EXEC, eh()->e_machine = EM_X86_64, eh()->e_version = 1, eh()->e_entry = 0x400100;
    eh()->e_phoff = sizeof(Elf64_Ehdr), eh()->e_ehsize = sizeof(Elf64_Ehdr), eh()->e_phentsize = sizeof(Elf64_Phdr);
    eh()->e_phnum = 1;
    *ph() = (Elf64_Phdr){.p_type = PT_LOAD, .p_flags = PF_R | PF_X, .p_vaddr = 0x400000, .p_paddr = 0x400000,
                         .p_filesz = sizeof image, .p_memsz = sizeof image, .p_align = 0x1000};
    memcpy(image + 0x100, text, sizeof text);
}
static void run(const char *what, int size)
{
    int fd = open("e", O_WRONLY | O_CREAT | O_TRUNC, 0755);
    write(fd, image, size), close(fd);
    pid_t c;
    CHILD(c) {
        execl("./e", "e", (char *)0);
        say("%s: %s", what, ename(errno));
        _exit(1);
    }
    reap(what, c);
}
#define CASE(what, change) fresh(), change, run(what, sizeof image)
int conf_reexec(int argc, char **argv)
{
    (void)argc, (void)argv;
    char comm[17] = "";
    prctl(PR_GET_NAME, comm);
    S(comm);
    V(getauxval(AT_PAGESZ)), V(getauxval(AT_PHENT)), V(getauxval(AT_CLKTCK)), V(getauxval(AT_PHNUM) > 0), V(getauxval(AT_FLAGS));
    V(getauxval(AT_ENTRY) != 0), V(getauxval(AT_PHDR) != 0), V(getauxval(AT_SECURE)), V(getauxval(AT_HWCAP) != 0);
    say("random differs from zero %d, platform %s, execfn right %d", *(long *)getauxval(AT_RANDOM) != 0,
        (char *)getauxval(AT_PLATFORM), !strcmp((char *)getauxval(AT_EXECFN), "./a_rather_long_name"));
    return 0;
}
static void test(void)
{
    fresh(), run("good", sizeof image);
    CASE("class 32", eh()->e_ident[4] = 1);
    CASE("big endian", eh()->e_ident[5] = 2);
    CASE("version 9", eh()->e_ident[6] = 9);
    CASE("machine arm", eh()->e_machine = EM_ARM);
    CASE("type core", eh()->e_type = ET_CORE);
    CASE("type rel", eh()->e_type = ET_REL);
    CASE("phentsize", eh()->e_phentsize = 40);
    CASE("no headers", eh()->e_phnum = 0);
    CASE("too many headers", eh()->e_phnum = 2000);
    CASE("phoff beyond", eh()->e_phoff = 1 << 20);
    CASE("phoff huge", eh()->e_phoff = 1ull << 63);
    CASE("vaddr kernel", ph()->p_vaddr = 0xffffffff80000000);
    CASE("offset odd", ph()->p_offset = 1);
    CASE("offset huge", ph()->p_offset = -0x1000ull);
    CASE("offset beyond all files", ph()->p_offset = 1ull << 63);
    // Two segments that meet, and whose offsets do so beyond the end of numbers.
    CASE("offsets wrap", (ph()[1] = ph()[0], eh()->e_phnum = 2, ph()[0].p_offset = -0x1000ull, ph()[1].p_offset = 0,
                          ph()[0].p_filesz = ph()[0].p_memsz = 0xfff, ph()[1].p_vaddr = 0x401000, eh()->e_entry = 0x401100));
    CASE("filesz > memsz", ph()->p_memsz = 16);
    CASE("memsz huge", ph()->p_memsz = 1ull << 62);
    CASE("filesz beyond file", ph()->p_filesz = ph()->p_memsz = 100000);
    CASE("memsz larger", ph()->p_memsz = 100000; ph()->p_flags |= PF_W);
    CASE("entry outside", eh()->e_entry = 0x900000);
    CASE("not executable", ph()->p_flags = PF_R);
    CASE("writable", ph()->p_flags = PF_R | PF_W | PF_X);
    CASE("position independent", eh()->e_type = ET_DYN; ph()->p_vaddr = 0; eh()->e_entry = 0x100);
    CASE("no load segment", ph()->p_type = PT_NULL);
    CASE("interpreter missing", (ph()[1] = (Elf64_Phdr){.p_type = PT_INTERP, .p_offset = 0x180, .p_filesz = 6, .p_memsz = 6},
                                 eh()->e_phnum = 2, strcpy((char *)image + 0x180, "/none")));
    CASE("interpreter unterminated", (ph()[1] = (Elf64_Phdr){.p_type = PT_INTERP, .p_offset = 0x180, .p_filesz = 3},
                                      eh()->e_phnum = 2, strcpy((char *)image + 0x180, "/none")));
    CASE("interpreter long", (ph()[1] = (Elf64_Phdr){.p_type = PT_INTERP, .p_offset = 0x180, .p_filesz = 5000},
                              eh()->e_phnum = 2));
    for (int i = 0; i < 4; i++) {
        static const int cut[] = {4, 63, 64, 100};
        char t[32];
        sprintf(t, "cut to %d", cut[i]);
        fresh(), run(t, cut[i]);
    }
    symlink(conf_self, "a_rather_long_name");
    pid_t c;
    CHILD(c) { execl("./a_rather_long_name", "argv0", "x", (char *)0); }
    reap("auxv", c);
}
