#!/bin/bash
# SPDX-License-Identifier: MPL-2.0
# strace and gdb.
strace -f -e trace=openat,execve -o s /bin/cat /etc/hostname; awk '/execve/{print $2,$3}' s | head -1; strace -c -o s /bin/true; grep -c execve s; strace -e trace=none -e signal=all sh -c 'kill -USR1 $$' 2>&1 | grep -o 'SIGUSR1' | head -1
cat > x.c <<'END'
#include <pthread.h>
#include <stdio.h>
static int sum(int n) { int s = 0; for (int i = 0; i < n; i++) s += i; return s; }
static void *run(void *a) { return (void *)(long)sum(*(int *)a); }
int main(void) { int n = 5; pthread_t t; pthread_create(&t, 0, run, &n); void *r; pthread_join(t, &r); printf("%ld\n", (long)r); return 0; }
END
gcc -g -pthread x.c -o x; gdb -batch -nx -ex 'break sum' -ex run -ex 'print n' -ex finish -ex 'info threads' -ex continue ./x 2>&1 | grep -E '^(\$|Value|5|10|Breakpoint 1, )'
echo 'int main(){ *(volatile int *)8 = 1; }' > c.c; gcc -g c.c -o c; ulimit -c unlimited; { ./c; } 2>/dev/null; echo "crash $?"; ls core* 2>/dev/null | head -1
