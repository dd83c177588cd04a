// SPDX-License-Identifier: MPL-2.0
// Runs two commands, and tells what the second one left behind in the memory of the OS (the first one makes what is made once).
// If that is something the second one runs again: only what each run leaves is kept. Processes that they leave running are killed.
// Needs albireo.testing on the command line.
//
//   weigh FIRST ARGS -- SECOND ARGS
//
// Prints "\x1eM same" or "\x1eM" with the differences, and ends with the second command's status.
#define _GNU_SOURCE 1
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include "door.h"

static int run(char **argv)
{
    int st = 0;
    pid_t p = fork();
    if (p == 0) {
        execvp(argv[0], argv);
        perror(argv[0]), _exit(127);
    }
    waitpid(p, &st, 0);
    kill(-1, SIGKILL); // all but this and process 1
    return WIFSIGNALED(st) ? 128 + WTERMSIG(st) : WEXITSTATUS(st);
}
int main(int argc, char **argv)
{
    struct door_memory before, after;
    int second = 1;
    while (second < argc && strcmp(argv[second], "--"))
        second++;
    if (second + 1 >= argc || second == 1)
        return fprintf(stderr, "usage: weigh FIRST ARGS -- SECOND ARGS\n"), 2;
    argv[second++] = 0;
    if (door_memory(&before))
        return fprintf(stderr, "weigh: not on Albireo, or without albireo.testing\n"), 2;
    int status = run(argv + 1);
    sleep(1), door_memory(&before), after = before;
    int kept = 1;
    for (int i = 0; i < 2 && kept && status == 0; i++) {
        if (i != 0)
            printf("the first run left heap %+ld bytes, user %+ld pages: once more\n", (long)(after.heap_bytes - before.heap_bytes), (long)(after.user - before.user)), before = after;
        status = run(argv + second);
        kept = !door_settled(&before, &after, 3000);
    }
    if (!kept)
        printf("\x1eM same\n");
    else
        printf("\x1eM user %+ld tables %+ld stacks %+ld pages, heap %+ld bytes, committed %+ld\n", (long)(after.user - before.user), (long)(after.tables - before.tables), (long)(after.stacks - before.stacks),
               (long)(after.heap_bytes - before.heap_bytes), (long)(after.committed - before.committed));
    return status;
}
