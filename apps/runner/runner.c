// SPDX-License-Identifier: MPL-2.0
// Runs conformance programs one after the other on any system and reports what each printed and how it ended.
//
//   conf-runner [--from N] [--timeout SECONDS] [--sole 1] LIST
//   conf-runner [--timeout SECONDS] [--deny SYSCALL] -- PROGRAM ARGS     one program, as number 0
//
// LIST holds one program a line, or "SYSCALL PROGRAM" to run it as by --deny and for at most 3 seconds. Each runs as leader of its own session in a fresh directory, stdin from /dev/null, stdout
// and stderr together into a file; afterwards everything it left running is killed. It uses few system calls on purpose:
// it has to work on a young system. With --sole 1 nothing but process 1 and the runner is worth keeping: everything else is
// killed after each program, otherwise only the program's process group.
//
// On stdout, each record on a line of its own that begins with 0x1e, so that kernel messages between them do no harm:
//   B number name            about to run
//   D number base64          a part of the output
//   E number how value length crc32      how: exit, signal, timeout, or norun (value = errno)
//   Q number                 all done, number of programs run
//   M number difference      with --sole on Albireo with albireo.testing: "same", or by how many pages and bytes the memory in use
//                            differs from before the program, in its second run if it differed after the first
//   C number call successes interruptions errno,errno,...     there, too: how the program's calls of one number ended
// --deny makes one system call fail with ENOSYS (a seccomp filter: on Linux only): a program that does not notice is no
// test of that call.
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../testing/door.h"

enum { kOutputLimit = 256 * 1024, kBytesPerRecord = 540 };

static int timeout_seconds = 20;
static int denied = -1;
static int alone;  // --sole
static int quiet;  // no records
static volatile sig_atomic_t timed_out;
static pid_t child;
static char work[64], output[64];

static unsigned char data[kOutputLimit];

static void on_alarm(int signal_number) {
    (void)signal_number;
    timed_out = 1;
    if (child > 0) kill(child, SIGKILL);
}

static uint32_t crc32_of(const unsigned char *data, size_t size) {
    uint32_t crc = 0xffffffff;
    for (size_t i = 0; i < size; i++) {
        crc ^= data[i];
        for (int bit = 0; bit < 8; bit++) crc = (crc >> 1) ^ (0xedb88320 & -(crc & 1));
    }
    return ~crc;
}

static void report(const char *text, size_t size) {
    if (quiet) return;
    while (size > 0) {
        ssize_t n = write(1, text, size);
        if (n < 0 && errno != EINTR) _exit(3);
        if (n > 0) text += n, size -= (size_t)n;
    }
}

static void report_data(int number, const unsigned char *data, size_t size) {
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (size_t start = 0; start < size; start += kBytesPerRecord) {
        char line[1024];
        int n = snprintf(line, sizeof line, "\x1e" "D %d ", number);
        size_t end = start + kBytesPerRecord < size ? start + kBytesPerRecord : size;
        for (size_t i = start; i < end; i += 3) {
            unsigned have = end - i < 3 ? (unsigned)(end - i) : 3;
            uint32_t bits = (uint32_t)data[i] << 16;
            if (have > 1) bits |= (uint32_t)data[i + 1] << 8;
            if (have > 2) bits |= data[i + 2];
            line[n++] = digits[bits >> 18];
            line[n++] = digits[bits >> 12 & 63];
            line[n++] = have > 1 ? digits[bits >> 6 & 63] : '=';
            line[n++] = have > 2 ? digits[bits & 63] : '=';
        }
        line[n++] = '\n';
        report(line, (size_t)n);
    }
}

static int remove_one(const char *path, const struct stat *info, int type, struct FTW *ftw) {
    (void)info, (void)ftw;
    if (type == FTW_DNR) chmod(path, 0700);
    remove(path);
    return 0;
}

// What programs that were killed left in /tmp.
static void clean_tmp(void) {
    DIR *folder = opendir("/tmp");
    for (struct dirent *e; folder && (e = readdir(folder));) {
        char path[300];
        snprintf(path, sizeof path, "/tmp/%s", e->d_name);
        if (strncmp(e->d_name, "conf.", 5) == 0) nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    }
    if (folder) closedir(folder);
}

static void deny_syscall(void) {
    struct sock_filter filter[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)denied, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_fprog program = {sizeof filter / sizeof *filter, filter};
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0) {
        perror("conf-runner: seccomp");
        _exit(3);
    }
}

static void in_child(char **argv, int error_pipe) {
    setsid();
    int in = open("/dev/null", O_RDONLY);
    int out = open(output, O_WRONLY | O_APPEND | O_CREAT | O_TRUNC, 0644);
    if (in >= 0 && out >= 0 && dup2(in, 0) == 0 && dup2(out, 1) == 1 && dup2(out, 2) == 2 && chdir(work) == 0) {
        close(in);
        close(out);
        struct sigaction standard = {.sa_handler = SIG_DFL};
        sigaction(SIGALRM, &standard, NULL);
        sigaction(SIGHUP, &standard, NULL);
        char *environment[] = {"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/", "TERM=dumb",
                               "LC_ALL=C", NULL};
        if (denied >= 0) deny_syscall();
        if (alone) door(DOOR_COUNT, 0);
        execve(argv[0], argv, environment);
    }
    int error = errno;
    if (write(error_pipe, &error, sizeof error) < 0) _exit(125);
    _exit(126);
}

static void run_one(int number, char **argv) {
    char line[512];
    report(line, (size_t)snprintf(line, sizeof line, "\x1e" "B %d %s\n", number, argv[0]));
    nftw(work, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    int fds[2];
    if (mkdir(work, 0755) != 0 || pipe2(fds, O_CLOEXEC) != 0) {
        report(line, (size_t)snprintf(line, sizeof line, "\x1e" "E %d norun %d 0 0\n", number, errno));
        return;
    }
    timed_out = 0;
    child = fork();
    if (child == 0) in_child(argv, fds[1]);
    close(fds[1]);
    int status = 0, error = 0;
    if (child < 0) {
        error = errno;
    } else {
        // Repeats: a kill that came before the program changed its group or user must not be the only one.
        struct itimerval limit = {{1, 0}, {denied < 0 ? timeout_seconds : 3, 0}}, off = {{0, 0}, {0, 0}};
        setitimer(ITIMER_REAL, &limit, NULL);
        if (read(fds[0], &error, sizeof error) != sizeof error) error = 0;
        while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
        }
        setitimer(ITIMER_REAL, &off, NULL);
        if (alone)
            kill(-1, SIGKILL);
        else
            kill(-child, SIGKILL);
    }
    close(fds[0]);

    size_t size = 0;
    int fd = open(output, O_RDONLY);
    while (fd >= 0 && size < sizeof data) {
        ssize_t n = read(fd, data + size, sizeof data - size);
        if (n <= 0) break;
        size += (size_t)n;
    }
    if (fd >= 0) close(fd);
    unlink(output);
    chdir("/");
    nftw(work, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    if (alone) clean_tmp();

    report_data(number, data, size);
    const char *how = error ? "norun" : timed_out ? "timeout" : WIFSIGNALED(status) ? "signal" : "exit";
    int value = error ? error : timed_out ? timeout_seconds : WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status);
    report(line, (size_t)snprintf(line, sizeof line, "\x1e" "E %d %s %d %zu %08x\n", number, how, value, size,
                                  crc32_of(data, size)));
}

// How the system calls of what ran since the last time ended.
static void report_calls(int number) {
    static struct door_calls calls[DOOR_NUMBERS];
    if (!alone || door(DOOR_CALLS, (long)calls) != 0) return;
    for (int call = 0; call < DOOR_NUMBERS; call++) {
        const struct door_calls *c = &calls[call];
        if (!c->successes && !c->interruptions && !c->errnos[0] && !c->errnos[1] && !c->errnos[2]) continue;
        char line[1024];
        int n = snprintf(line, sizeof line, "\x1e" "C %d %d %llu %llu ", number, call, (unsigned long long)c->successes,
                         (unsigned long long)c->interruptions);
        for (int e = 0; e < 192; e++)
            if (c->errnos[e / 64] >> e % 64 & 1) n += snprintf(line + n, sizeof line - (size_t)n, "%d,", e);
        line[n++] = '\n';
        report(line, (size_t)n);
    }
}

// Runs it and, where the system can tell, looks whether it gave all its memory back.
static void run_and_weigh(int number, char **argv) {
    struct door_memory before, after;
    int can = alone && door_memory(&before) == 0;
    run_one(number, argv);
    if (!can) return;
    char line[256];
    int same = door_settled(&before, &after, 300);
    if (!same) {
        // What is made once, such as an entry for a user, stays; a leak grows each time.
        before = after, quiet = 1;
        run_one(number, argv);
        quiet = 0;
        same = door_settled(&before, &after, 3000);
    }
    if (same)
        report(line, (size_t)snprintf(line, sizeof line, "\x1e" "M %d same\n", number));
    else
        report(line, (size_t)snprintf(line, sizeof line, "\x1e" "M %d user %+ld tables %+ld stacks %+ld heap %+ld committed %+ld\n", number,
                                      (long)(after.user - before.user), (long)(after.tables - before.tables),
                                      (long)(after.stacks - before.stacks), (long)(after.heap_bytes - before.heap_bytes),
                                      (long)(after.committed - before.committed)));
}

// Stacks begin anywhere in a page: a deeper call may be the first to touch the next one.
__attribute__((noinline)) static void touch_stack(void) {
    volatile char deep[128 * 1024];
    for (size_t i = 0; i < sizeof deep; i += 1024) deep[i] = 1;
}

int main(int argc, char **argv) {
    int from = 0, arg = 1, done = 0;
    for (; arg + 1 < argc && argv[arg][0] == '-' && strcmp(argv[arg], "--") != 0; arg += 2) {
        int value = atoi(argv[arg + 1]);
        if (strcmp(argv[arg], "--from") == 0) from = value;
        if (strcmp(argv[arg], "--timeout") == 0) timeout_seconds = value;
        if (strcmp(argv[arg], "--deny") == 0) denied = value;
        if (strcmp(argv[arg], "--sole") == 0) alone = value;
    }
    snprintf(work, sizeof work, "/tmp/conf.%d.d", (int)getpid());
    snprintf(output, sizeof output, "/tmp/conf.%d.out", (int)getpid());
    umask(022);
    struct sigaction action = {.sa_handler = on_alarm};
    sigaction(SIGALRM, &action, NULL);
    signal(SIGHUP, SIG_IGN);

    if (arg < argc && strcmp(argv[arg], "--") == 0 && argv[arg + 1]) {
        run_one(0, argv + arg + 1);
        done = 1;
    } else if (arg < argc) {
        static char list[65536], *names[4096];
        int fd = open(argv[arg], O_RDONLY | O_CLOEXEC), count = 0;
        ssize_t n = fd < 0 ? -1 : read(fd, list, sizeof list - 1);
        if (n < 0) {
            perror(argv[arg]);
            return 2;
        }
        for (char *name = strtok(list, "\n"); name && count < 4096; name = strtok(NULL, "\n")) names[count++] = name;
        // What the runner itself needs once shall not count as a program's.
        memset(data, 1, sizeof data);
        touch_stack();
        mkdir(work, 0755);
        clean_tmp();
        for (int i = from; i < count; i++, done++) {
            char *rest = names[i];
            denied = *rest == '/' ? -1 : (int)strtol(rest, &rest, 10);
            char *program[] = {rest + strspn(rest, " "), NULL};
            run_and_weigh(i, program);
            report_calls(i);
        }
    } else {
        fprintf(stderr, "usage: conf-runner [--from N] [--timeout S] [--deny NR] LIST | -- PROGRAM ARGS\n");
        return 2;
    }
    char line[64];
    report(line, (size_t)snprintf(line, sizeof line, "\x1e" "Q %d\n", done));
    return 0;
}
