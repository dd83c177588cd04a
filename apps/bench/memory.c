// SPDX-License-Identifier: MPL-2.0
// How much kernel memory idle processes and threads take.
//
//   bench-memory [--count N]
//
// Prints "MEMORY processes|threads count kernel-bytes all-bytes" where both are what /proc/meminfo shows more with the N idle ones
// than before: kernel is Slab + KernelStack + PageTables + Percpu, all is what is not free any more (their own pages too).
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

struct memory {
    long kernel, all;  // KiB
};

static void fail(const char *what) {
    perror(what);
    exit(1);
}

static struct memory measure(void) {
    struct memory m = {0, 0};
    char line[128], name[64];
    long value;
    FILE *file = fopen("/proc/meminfo", "r");
    if (!file) fail("/proc/meminfo");
    while (fgets(line, sizeof line, file)) {
        if (sscanf(line, "%63[^:]: %ld", name, &value) != 2) continue;
        if (!strcmp(name, "MemTotal")) m.all += value;
        if (!strcmp(name, "MemFree")) m.all -= value;
        if (!strcmp(name, "Slab") || !strcmp(name, "KernelStack") || !strcmp(name, "PageTables") || !strcmp(name, "Percpu"))
            m.kernel += value;
    }
    fclose(file);
    return m;
}

static void print(const char *what, long count, struct memory before, struct memory now) {
    printf("MEMORY %s %ld %ld %ld\n", what, count, (now.kernel - before.kernel) * 1024, (now.all - before.all) * 1024);
    fflush(stdout);
}

static int ready[2], gate[2];

// Says that it is there and sleeps until the gate is closed.
static void idle(void) {
    char byte = 0;
    if (write(ready[1], &byte, 1) != 1) _exit(1);
    while (read(gate[0], &byte, 1) > 0) {}
}

static void wait_for(long count) {
    char bytes[256];
    while (count > 0) {
        ssize_t n = read(ready[0], bytes, sizeof bytes);
        if (n <= 0) fail("read");
        count -= n;
    }
}

static void processes(long count) {
    struct memory before = measure();
    for (long i = 0; i < count; i++) {
        pid_t child = fork();
        if (child < 0) fail("fork");
        if (child == 0) {
            close(gate[1]);
            idle();
            _exit(0);
        }
    }
    wait_for(count);
    print("processes", count, before, measure());
    close(gate[1]);
    while (wait(NULL) > 0) {}
}

static void *thread(void *unused) {
    (void)unused;
    idle();
    return NULL;
}

static void threads(long count) {
    pthread_attr_t attributes;
    pthread_t id;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, 16384);
    struct memory before = measure();
    for (long i = 0; i < count; i++)
        if (pthread_create(&id, &attributes, thread, NULL)) fail("pthread_create");
    wait_for(count);
    print("threads", count, before, measure());
}

int main(int argc, char **argv) {
    long count = argc == 3 && !strcmp(argv[1], "--count") ? atol(argv[2]) : 1000;
    measure();  // what reading the file needs is there from now on
    if (pipe(ready) || pipe(gate)) fail("pipe");
    processes(count);
    if (pipe(gate)) fail("pipe");
    threads(count);
    return 0;
}
