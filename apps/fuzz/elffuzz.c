// SPDX-License-Identifier: MPL-2.0
// Runs damaged programs: a small ELF file and scripts whose headers are changed at random, executed one after the other.
//
//   elffuzz [--seed N] [--count N]
//
// Prints how many could not be executed (by error), ended by a signal or exited, and whether an intact program still runs
// between and afterwards. A program gets two seconds and 64 MiB.
#define _GNU_SOURCE 1
#include <elf.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { kSize = 1024, kText = 0x300 };
static unsigned char image[kSize + 4096];
static uint64_t state;
static uint64_t rnd(void)
{
    state ^= state << 13, state ^= state >> 7, state ^= state << 17;
    return state * 0x2545f4914f6cdd1dull >> 8;
}
static long pick(long n) { return rnd() % n; }

// Two loadable segments, a stack note, and a program that exits with 42.
static void intact(void)
{
    static const unsigned char text[] = {0xb8, 60, 0, 0, 0, 0xbf, 42, 0, 0, 0, 0x0f, 0x05};
    Elf64_Ehdr *e = (Elf64_Ehdr *)image;
    Elf64_Phdr *p = (Elf64_Phdr *)(image + sizeof *e);
    memset(image, 0, sizeof image);
    memcpy(e->e_ident, "\177ELF\2\1\1", 7);
    e->e_type = ET_EXEC, e->e_machine = EM_X86_64, e->e_version = 1, e->e_entry = 0x400000 + kText, e->e_phoff = sizeof *e;
    e->e_ehsize = sizeof *e, e->e_phentsize = sizeof *p, e->e_phnum = 4;
    p[0] = (Elf64_Phdr){.p_type = PT_LOAD, .p_flags = PF_R | PF_X, .p_vaddr = 0x400000, .p_filesz = kSize, .p_memsz = kSize, .p_align = 4096};
    p[1] = (Elf64_Phdr){.p_type = PT_LOAD, .p_flags = PF_R | PF_W, .p_vaddr = 0x600000, .p_filesz = 512, .p_memsz = 20000, .p_align = 4096};
    p[2] = (Elf64_Phdr){.p_type = PT_GNU_STACK, .p_flags = PF_R | PF_W, .p_align = 16};
    p[3] = (Elf64_Phdr){.p_type = PT_TLS, .p_flags = PF_R, .p_vaddr = 0x600100, .p_offset = 0x100, .p_filesz = 16, .p_memsz = 64, .p_align = 8};
    memcpy(image + kText, text, sizeof text);
}
static uint64_t interesting(void)
{
    static const uint64_t v[] = {0, 1, 2, 3, 7, 8, 0x40, 0x7f, 0xfff, 0x1000, 0x1001, 0xffff, 0x10000, 0x400000, 0x7fffffff, 0x80000000, 0xffffffff, 0x7fffffffe000, 0x7ffffffff000,
                                 0x800000000000, 0xffff800000000000, 0xffffffff80000000, 0x7fffffffffffffff, 0x8000000000000000, 0xfffffffffffff000, 0xffffffffffffffff};
    return v[pick(sizeof v / sizeof *v)];
}
// The length of the file.
static long damage(void)
{
    Elf64_Ehdr *e = (Elf64_Ehdr *)image;
    Elf64_Phdr *p = (Elf64_Phdr *)(image + sizeof *e);
    long size = kSize;
    intact();
    for (int n = 1 + pick(3); n-- > 0;) {
        switch (pick(9)) {
        case 0: image[pick(sizeof *e)] = rnd(); break;
        case 1: image[sizeof *e + pick(4 * sizeof *p)] = rnd(); break;
        case 2: image[pick(kSize)] ^= 1 << pick(8); break;
        case 3: { uint64_t v = interesting(); memcpy(image + sizeof *e + pick(4) * sizeof *p + 8 + 8 * pick(6), &v, 8); break; }
        case 4: { uint64_t v = interesting(); memcpy(image + 24 + 8 * pick(3), &v, 8); break; }
        case 5: p[pick(4)].p_type = pick(2) ? pick(9) : 0x6474e550 + pick(5); break;
        case 6: e->e_phnum = pick(2) ? pick(10) : (long)rnd(); break;
        case 7: size = pick(kSize); break;
        case 8: p[pick(4)] = p[pick(4)]; break;
        }
    }
    if (pick(6) == 0) { // an interpreter
        static const char *const names[] = {"/none", "/bin/busybox", "./victim", "/", "/dev/null", "/proc/self/exe", ""};
        const char *n = names[pick(7)];
        strcpy((char *)image + 0x280, n);
        p[3] = (Elf64_Phdr){.p_type = PT_INTERP, .p_offset = pick(4) ? 0x280 : rnd(), .p_filesz = pick(4) ? strlen(n) + 1 : interesting(), .p_memsz = 8};
    }
    return size;
}
static long script(void)
{
    static const char *const pieces[] = {"#!", "#! ", "/bin/sh", "/bin/busybox sh", "/none", "./victim", "\n", "\r\n", " ", "\t", "-c", "echo hi", "exit 42", "/", "\0", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"};
    long n = sprintf((char *)image, "%s", pick(8) ? "#!" : "#");
    for (int k = pick(12); k > 0; k--) {
        const char *s = pieces[pick(16)];
        long l = *s ? strlen(s) : 1;
        if (n + l < kSize)
            memcpy(image + n, s, l), n += l;
    }
    return n;
}
static const char *name_of(int e)
{
    switch (e) {
    case ENOEXEC: return "ENOEXEC"; case ENOENT: return "ENOENT"; case EACCES: return "EACCES"; case EINVAL: return "EINVAL"; case ENOMEM: return "ENOMEM"; case EFAULT: return "EFAULT";
    case ELOOP: return "ELOOP"; case EIO: return "EIO"; case ELIBBAD: return "ELIBBAD"; case ENAMETOOLONG: return "ENAMETOOLONG"; case EISDIR: return "EISDIR"; case ETXTBSY: return "ETXTBSY"; case EPERM: return "EPERM";
    default: return strerror(e);
    }
}
static int *error_of; // shared: what execve answered

// The wait status, or -1: it took too long.
static int run(long size)
{
    unlink("victim");
    int fd = open("victim", O_CREAT | O_WRONLY | O_TRUNC, 0755), st = 0;
    if (fd < 0 || write(fd, image, size) != size)
        return perror("elffuzz"), exit(2), 0;
    close(fd);
    *error_of = 0;
    pid_t p = fork();
    if (p == 0) {
        struct rlimit as = {64 << 20, 64 << 20}, cpu = {2, 2}, core = {0, 0};
        setrlimit(RLIMIT_AS, &as), setrlimit(RLIMIT_CPU, &cpu), setrlimit(RLIMIT_CORE, &core);
        int null = open("/dev/null", O_RDWR);
        dup2(null, 0), dup2(null, 1), dup2(null, 2), setpgid(0, 0);
        execl("./victim", "victim", (char *)0);
        *error_of = errno;
        _exit(100);
    }
    struct timespec ms = {0, 300000};
    for (int i = 0; i < 10000; i++) {
        pid_t r = waitpid(p, &st, WNOHANG);
        if (r == p)
            return kill(-p, SIGKILL), st;
        nanosleep(&ms, 0);
    }
    kill(-p, SIGKILL), kill(p, SIGKILL), waitpid(p, &st, 0);
    return -1;
}
int main(int argc, char **argv)
{
    long count = 1000, errors[256] = {0}, signals[65] = {0}, exits = 0, right = 0, slow = 0, broken = 0;
    uint64_t seed = 1;
    // A damaged program named /proc/self/exe as its interpreter: this one, in its place. It would leave a folder behind.
    if (!strcmp(argv[0], "victim"))
        return 3;
    char dir[] = "/tmp/elffuzz.XXXXXX";
    for (int i = 1; i + 1 < argc; i += 2) {
        if (!strcmp(argv[i], "--seed"))
            seed = atol(argv[i + 1]);
        else if (!strcmp(argv[i], "--count"))
            count = atol(argv[i + 1]);
        else
            return fprintf(stderr, "usage: elffuzz [--seed N] [--count N]\n"), 2;
    }
    error_of = mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (!mkdtemp(dir) || chdir(dir))
        return perror("elffuzz"), 2;
    state = seed * 0x9e3779b97f4a7c15ull + 1;
    for (long i = 0; i < count; i++) {
        int st = run(pick(4) ? damage() : script());
        if (st == -1)
            slow++;
        else if (*error_of)
            errors[*error_of & 255]++;
        else if (WIFSIGNALED(st))
            signals[WTERMSIG(st)]++;
        else
            exits++, right += WEXITSTATUS(st) == 42;
        if (i % 100 == 99) {
            intact();
            st = run(kSize);
            broken += !(WIFEXITED(st) && WEXITSTATUS(st) == 42);
        }
    }
    for (int i = 0; i < 256; i++)
        if (errors[i])
            printf("%6ld refused with %s\n", errors[i], name_of(i));
    for (int i = 0; i < 65; i++)
        if (signals[i])
            printf("%6ld ended by signal %d\n", signals[i], i);
    printf("%6ld exited, %ld of them as the intact one\n%6ld took too long\n", exits, right, slow);
    printf("an intact program ran each time: %s\n", broken ? "no" : "yes");
    // Damaged scripts leave files of any name.
    DIR *d = opendir(".");
    for (struct dirent *e; d && (e = readdir(d));)
        unlink(e->d_name);
    if (d)
        closedir(d);
    if (chdir("/") || rmdir(dir))
        perror("elffuzz: something is left behind");
    return broken != 0;
}
