// SPDX-License-Identifier: MPL-2.0
// Bad addresses for wildptr.c where each try needs something new: a connection, a message; and the addresses of ptrace, those of
// a traced child among them.
#pragma once
#include <sys/ptrace.h>
#include <sys/un.h>
#include <sys/user.h>

static int server;
// The listening socket, with one connection to accept.
static long knock(void)
{
    struct sockaddr_un a = {.sun_family = AF_UNIX};
    int s = socket(AF_UNIX, SOCK_STREAM, 0);
    SC(connect, s, memcpy(a.sun_path, "\0knock", 6) ? &a : 0, 8);
    return server;
}
// A socket with one message to receive.
static long posted(void)
{
    write(sock[0], "m", 1);
    return sock[1];
}
static void part(void)
{
    struct sockaddr_un a = {.sun_family = AF_UNIX, .sun_path = "\0knock"};
    int length = 20, long_enough = 64, negative = -1;
    char name[64];
    server = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0), R(SC(bind, server, &a, 8)), R(listen(server, 100));
    W(accept, 1, knock(), 0, (long)&length), W(accept, 2, knock(), (long)name, 0), W(accept, 1, knock(), 0, (long)&negative), length = 20;
    W(accept4, 1, knock(), 0, (long)&length, 0), length = 20, W(accept4, 2, knock(), (long)name, 0, SOCK_CLOEXEC), length = 0, W(accept4, 1, knock(), 0, (long)&length, 0);
    int left = 0;
    while (SC(accept4, server, 0, 0, 0) >= 0)
        left++;
    V(left);
    close(sock[0]), close(sock[1]), socketpair(AF_UNIX, SOCK_DGRAM, 0, sock), fcntl(sock[1], F_SETFL, O_NONBLOCK);
    W(recvfrom, 4, posted(), (long)buf, 10, 0, 0, (long)&long_enough), W(recvfrom, 5, posted(), (long)buf, 10, 0, (long)name, 0), W(recvfrom, 4, posted(), (long)buf, 10, 0, 0, (long)&negative), W(recvfrom, 5, posted(), (long)buf, 10, 0, 0, 0);
    SC(bind, sock[0], &a, 7); // now its sender has a name
    long_enough = 64, W(recvfrom, 4, posted(), (long)buf, 10, 0, 0, (long)&long_enough), W(recvfrom, 5, posted(), (long)buf, 10, 0, (long)name, 0), R(SC(recvfrom, sock[1], buf, 10, 0, 0, 0));

    // A child of which everything is to be had; its memory is laid out as ours.
    pid_t p;
    CHILD(p) { SC(ptrace, PTRACE_TRACEME, 0, 0, 0), raise(SIGSTOP), raise(SIGSTOP); }
    waitpid(p, 0, 0);
    long word = 0;
    struct { long base, length; } whole = {(long)buf, sizeof(struct user_regs_struct)};
    struct { unsigned long offset; unsigned flags; int count; } peeks = {0, 0, 1};
    W(ptrace, 2, PTRACE_PEEKTEXT, p, 0, (long)&word), W(ptrace, 3, PTRACE_PEEKTEXT, p, (long)name, 0), W(ptrace, 2, PTRACE_PEEKDATA, p, 0, (long)&word), W(ptrace, 3, PTRACE_PEEKDATA, p, (long)name, 0);
    W(ptrace, 2, PTRACE_POKETEXT, p, 0, 1), W(ptrace, 2, PTRACE_POKEDATA, p, 0, 1), W(ptrace, 2, PTRACE_PEEKUSER, p, 0, (long)&word), W(ptrace, 3, PTRACE_PEEKUSER, p, 8, 0), skip = 1, W(ptrace, 2, PTRACE_POKEUSER, p, 0, 1), skip = 0;
    W(ptrace, 3, PTRACE_GETREGS, p, 0, 0), skip = 32, W(ptrace, 3, PTRACE_SETREGS, p, 0, 0), skip = 0, W(ptrace, 3, PTRACE_GETFPREGS, p, 0, 0), skip = 32, W(ptrace, 3, PTRACE_SETFPREGS, p, 0, 0), skip = 0;
    W(ptrace, 3, PTRACE_GETREGSET, p, 1, 0), W(ptrace, 3, PTRACE_SETREGSET, p, 1, 0), W(ptrace, 3, PTRACE_GETREGSET, p, 2, 0), W(ptrace, 3, PTRACE_GETREGSET, p, 0x202, 0);
    for (int k = 0; k < 6; k++) {
        char t[64];
        whole.base = wild[k], *(volatile char *)wild[4] = 'x';
        sprintf(t, "registers to %s", kinds[k]), RT(t, SC(ptrace, PTRACE_GETREGSET, p, 1, &whole)), sprintf(t, "floating point to %s", kinds[k]), RT(t, SC(ptrace, PTRACE_GETREGSET, p, 2, &whole));
    }
    W(ptrace, 3, PTRACE_GETEVENTMSG, p, 0, 0), W(ptrace, 3, PTRACE_GETSIGINFO, p, 0, 0), skip = 32, W(ptrace, 3, PTRACE_SETSIGINFO, p, 0, 0), skip = 0, W(ptrace, 3, PTRACE_GETSIGMASK, p, 8, 0), skip = 32, W(ptrace, 3, PTRACE_SETSIGMASK, p, 8, 0), skip = 0;
    kill(p, SIGUSR1);
    W(ptrace, 2, PTRACE_PEEKSIGINFO, p, 0, (long)buf), W(ptrace, 3, PTRACE_PEEKSIGINFO, p, (long)&peeks, 0), W(ptrace, 3, 0x420e, p, 88, 0), W(ptrace, 3, 0x420e, p, 0, 0);
    W(ptrace, 2, 30 /* PTRACE_ARCH_PRCTL */, p, 0, 0x1003), skip = 32, W(ptrace, 2, 30, p, 0, 0x1002), skip = 0, W(ptrace, 2, PTRACE_TRACEME, 0, 0, 0), W(ptrace, 2, PTRACE_SEIZE, p, 0, 0);
    kill(p, SIGKILL), waitpid(p, 0, 0);
}
