// SPDX-License-Identifier: MPL-2.0
// Stream sockets with names in the file system: the inode, who may connect, what is left when the socket has gone.
// Covers: socket bind listen connect accept getsockname getpeername
#include "sock.h"
static void test(void)
{
    struct stat st;
    char b[100];
    umask(022);
    int s = socket(AF_UNIX, SOCK_STREAM, 0), c = socket(AF_UNIX, SOCK_STREAM, 0);
    NAME(getsockname, s), NAME(getpeername, s), R(listen(s, 5)), R(connect_to(c, "srv")), R(bind_to(s, "srv")), R(bind_to(s, "other")), R(stat("other", &st)), R(bind_to(c, "srv")), R(connect_to(c, "srv"));
    stat("srv", &st), say("mode %o size %ld links %ld", st.st_mode, (long)st.st_size, (long)st.st_nlink);
    R(open("srv", O_RDWR)), OK(open("srv", O_PATH)), R(truncate("srv", 0)), NAME(getsockname, s), R(listen(s, 5)), R(accept4(c, 0, 0, 0)), R(connect_to(c, "srv")), R(connect_to(c, "srv")), R(listen(c, 1));
    struct sockaddr_un a;
    socklen_t l = sizeof a;
    int d = accept(s, (struct sockaddr *)&a, &l);
    OK(d), show_name("accept", 0, &a, l), NAME(getsockname, d), NAME(getpeername, d), NAME(getpeername, c), NAME(getsockname, c), NAME(getpeername, s);
    R(write(c, "to the server", 13)), R(read(d, b, 100)), R(write(d, "answer", 6)), R(read(c, b, 100)), B(b, 6);
    R(bind_to(c, "client")), NAME(getpeername, d), R(write(s, "x", 1)), R(read(s, b, 1)), R(send(s, "x", 1, MSG_NOSIGNAL)), R(sendto(c, "x", 1, 0, (struct sockaddr *)&a, 20)), R(send_to(c, "x", 0, "srv"));
    close(d), R(read(c, b, 1)), R(rename("srv", "moved"));
    int e = socket(AF_UNIX, SOCK_STREAM, 0), f = socket(AF_UNIX, SOCK_DGRAM, 0), g = socket(AF_UNIX, SOCK_SEQPACKET, 0);
    R(connect_to(e, "srv")), R(connect_to(f, "moved")), R(connect_to(g, "moved")), R(connect_to(e, "moved")), NAME(getpeername, e), close(s), R(read(e, b, 1)), R(read(e, b, 1)), R(connect_to(g, "moved"));
    s = socket(AF_UNIX, SOCK_STREAM, 0), R(bind_to(s, "moved")), R(unlink("moved")), R(bind_to(s, "moved")), R(bind_to(socket(AF_UNIX, SOCK_STREAM, 0), "no/such")), R(bind_to(socket(AF_UNIX, SOCK_STREAM, 0), "moved/x"));
    R(symlink("nothing", "link")), R(bind_to(socket(AF_UNIX, SOCK_STREAM, 0), "link")), R(link("moved", "second")), listen(s, 3), close(e), e = socket(AF_UNIX, SOCK_STREAM, 0), R(connect_to(e, "second")), close(e);
    close(open("plain", O_CREAT | O_RDWR, 0644)), e = socket(AF_UNIX, SOCK_STREAM, 0), R(connect_to(e, "plain")), R(connect_to(e, ".")), R(mknod("made", S_IFSOCK | 0600, 0)), R(connect_to(e, "made"));
    // Rights on the path and the socket
    pid_t p;
    R(chmod(".", 0755)), R(chmod("moved", 0755)), mkdir("closed", 0700);
    int in = socket(AF_UNIX, SOCK_STREAM, 0);
    bind_to(in, "closed/x"), listen(in, 2), chmod("closed/x", 0777);
    CHILD(p) { setgid(1234), setuid(1234), e = socket(AF_UNIX, SOCK_STREAM, 0), R(connect_to(e, "moved")), R(connect_to(e, "closed/x")), R(bind_to(e, "mine")); }
    reap("child", p), chmod("moved", 0722);
    CHILD(p) { setgid(1234), setuid(1234), e = socket(AF_UNIX, SOCK_STREAM, 0), R(connect_to(e, "moved")); }
    reap("child", p);
    // The mode of the socket's own inode is that of the name.
    s = socket(AF_UNIX, SOCK_STREAM, 0), R(fchmod(s, 0600)), R(bind_to(s, "fchmod")), stat("fchmod", &st), say("mode %o", st.st_mode), fstat(s, &st), say("own mode %o", st.st_mode);
}
