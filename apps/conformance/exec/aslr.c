// SPDX-License-Identifier: MPL-2.0
// Where a program's stack, mappings and heap lie: elsewhere each time, unless personality(2) or /proc/sys/kernel/randomize_va_space says
// otherwise; and the auxiliary vector.
// Covers: execve personality
#include "../conf.h"
#include <sys/auxv.h>
#include <sys/personality.h>
struct places { unsigned long stack, map, heap; };
int conf_reexec(int argc, char **argv)
{
    (void)argc, (void)argv;
    struct places p = {(unsigned long)&p, (unsigned long)mmap(0, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), SC(brk, 0)};
    write(3, &p, sizeof p);
    return 0;
}
static struct places look(void)
{
    struct places p = {0, 0, 0};
    int fds[2];
    pipe(fds);
    pid_t c = fork();
    if (c == 0)
        dup2(fds[1], 3), execl(conf_self, "x", "places", (char *)0), _exit(1);
    close(fds[1]);
    if (read(fds[0], &p, sizeof p) != sizeof p)
        say("nothing read");
    close(fds[0]), waitpid(c, 0, 0);
    return p;
}
static void compare(const char *what)
{
    int stack = 0, map = 0, heap = 0, order = 0;
    struct places first = look();
    for (int i = 0; i < 8; i++) {
        struct places p = look();
        stack |= p.stack != first.stack, map |= p.map != first.map, heap |= p.heap != first.heap;
        order += p.heap < p.map && p.map < p.stack;
    }
    say("%s: stack %s, mappings %s, heap %s, in order %d", what, stack ? "moves" : "stays", map ? "move" : "stay", heap ? "moves" : "stays", order);
}
static void set(const char *text)
{
    int fd = open("/proc/sys/kernel/randomize_va_space", O_RDWR);
    char b[20] = "";
    long n = write(fd, text, strlen(text));
    int error = errno;
    lseek(fd, 0, SEEK_SET), read(fd, b, sizeof b - 1);
    say("set \"%s\": %s, now %s", text, n < 0 ? ename(error) : "done", b);
    close(fd);
}
static void test(void)
{
    static const int keys[] = {AT_PHENT, AT_PHNUM, AT_PAGESZ, AT_BASE, AT_FLAGS, AT_UID, AT_EUID, AT_GID, AT_EGID, AT_SECURE, AT_CLKTCK};
    static const char *names[] = {"PHENT", "PHNUM", "PAGESZ", "BASE", "FLAGS", "UID", "EUID", "GID", "EGID", "SECURE", "CLKTCK"};
    for (unsigned i = 0; i < ARRAY(keys); i++)
        if (keys[i] != AT_PHNUM)
            say("AT_%s %lu", names[i], getauxval(keys[i]));
    say("there: PHDR %d ENTRY %d RANDOM %d HWCAP %d EXECFN %s PLATFORM %s MINSIGSTKSZ %d HWCAP2 %lu", getauxval(AT_PHDR) != 0,
        getauxval(AT_ENTRY) != 0, getauxval(AT_RANDOM) != 0, getauxval(AT_HWCAP) != 0, strrchr((char *)getauxval(AT_EXECFN), '/'),
        (char *)getauxval(AT_PLATFORM), getauxval(51) >= 1000, getauxval(AT_HWCAP2) & ~2);
    compare("at first");
    int old = personality(0xffffffff);
    say("personality %x", old);
    personality(ADDR_NO_RANDOMIZE);
    compare("ADDR_NO_RANDOMIZE");
    personality(old);
    set("1"), compare("1");
    set("0"), compare("0");
    set("3"), set("-1"), set("x"), set("99999999999"), set("2"), compare("2");
}
