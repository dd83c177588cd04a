// SPDX-License-Identifier: MPL-2.0
// What of its memory a core file has: /proc/PID/coredump_filter, MADV_DONTDUMP, pages that were not touched.
// Covers: madvise
#include "core.h"
static char *places[12];
static const char *const names[] = {"private", "untouched", "not to be dumped", "dumped after all", "shared", "file, private", "file, written", "file, shared", "program", "half of it", "no access", "large"};
static void crash(const char *filter)
{
    pid_t p;
    struct core c;
    char b[40] = "";
    CHILD(p) {
        if (filter)
            set("/proc/self/coredump_filter", filter);
        pid_t q;
        CHILD(q) get_file("/proc/self/coredump_filter", b, sizeof b), show_bytes("filter of a child", b, strlen(b));
        waitpid(q, 0, 0);
        abort();
    }
    reap(filter ? filter : "as it was", p);
    if (core_open(&c, "core")) {
        say("no core file");
        return;
    }
    for (unsigned i = 0; i < ARRAY(places); i++) {
        Elf64_Phdr *h = core_part(&c, places[i]);
        say("  %s: flags %d of %s, first byte %d", names[i], h ? (int)h->p_flags : -1, !h ? "none" : h->p_filesz == 0 ? "nothing dumped" : h->p_filesz == h->p_memsz ? "all dumped" : h->p_filesz == PAGE ? "a page dumped" : "a part dumped", core_byte(&c, places[i]));
    }
    struct stat st;
    stat("core", &st);
    say("  large one: %ld pages, sparse %d, byte in the middle %d, of an untouched page %d", (long)core_part(&c, places[11])->p_filesz / 4096, st.st_blocks * 512 < 16 << 20, core_byte(&c, places[11] + (8 << 20)), core_byte(&c, places[11] + (9 << 20)));
    say("  second half: %d", core_byte(&c, places[9] + 2 * PAGE));
    core_close(&c), unlink("core");
}
static void test(void)
{
    const int anon = MAP_ANONYMOUS | MAP_PRIVATE, rw = PROT_READ | PROT_WRITE;
    settings_keep(), limit_core(RLIM_INFINITY);
    for (int i = 0; i < 4; i++)
        places[i] = mmap(0, 4 * PAGE, rw, anon, -1, 0), mmap(0, PAGE, PROT_NONE, anon, -1, 0);
    places[0][0] = 'p', places[2][0] = 'd', R(madvise(places[2], 4 * PAGE, MADV_DONTDUMP)), places[3][0] = 'a', R(madvise(places[3], 4 * PAGE, MADV_DONTDUMP)), R(madvise(places[3], 4 * PAGE, MADV_DODUMP));
    places[4] = mmap(0, 4 * PAGE, rw, MAP_ANONYMOUS | MAP_SHARED, -1, 0), places[4][0] = 's';
    int fd = open("f", O_RDWR | O_CREAT, 0644);
    for (int i = 0; i < 4; i++)
        pwrite(fd, "file", 4, i * PAGE);
    places[5] = mmap(0, 4 * PAGE, PROT_READ, MAP_PRIVATE, fd, 0), places[6] = mmap(0, 4 * PAGE, rw, MAP_PRIVATE, fd, 0), places[7] = mmap(0, 4 * PAGE, rw, MAP_SHARED, fd, 0), places[6][PAGE] = 'w';
    int exe = open("x", O_RDWR | O_CREAT, 0755);
    pwrite(exe, "exe", 3, 0), pwrite(exe, "exe", 3, 3 * PAGE), places[8] = mmap(0, 4 * PAGE, PROT_READ | PROT_EXEC, MAP_PRIVATE, exe, 0);
    places[9] = mmap(0, 4 * PAGE, rw, anon, -1, 0), memset(places[9], 'h', 4 * PAGE), madvise(places[9] + 2 * PAGE, 2 * PAGE, MADV_DONTDUMP);
    places[10] = mmap(0, 4 * PAGE, rw, anon, -1, 0), places[10][0] = 'n', mprotect(places[10], 4 * PAGE, PROT_NONE);
    places[11] = mmap(0, 32 << 20, rw, anon, -1, 0), madvise(places[11], 32 << 20, MADV_NOHUGEPAGE), places[11][8 << 20] = 'l';
    char b[40];
    get_file("/proc/self/coredump_filter", b, sizeof b), B(b, strlen(b));
    crash(0), crash("0x0"), crash("1"), crash("2\n"), crash("0x4"), crash("010"), crash("0x10"), crash("0x1ff"), crash("0xffffffff"), crash("0x100000000"), crash("x"), crash(""), crash(" 1"), crash("+1"), crash("1 ");
    struct stat st;
    R(stat("/proc/self/coredump_filter", &st)), say("mode %o", st.st_mode), R(access("/proc/thread-self/coredump_filter", F_OK));
    settings_restore();
}
