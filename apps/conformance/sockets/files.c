// SPDX-License-Identifier: MPL-2.0
// Sockets as files: vectors, copying calls, ioctl, stat, links in /proc, what they cannot do.
// Covers: readv writev sendfile splice ioctl fstat
#include "sock.h"
#include <sys/file.h>
#include <sys/sendfile.h>
#define SIOCINQ 0x541b
#define SIOCOUTQ 0x5411
static void test(void)
{
    char b[100], c[100], path[64];
    int s[2], n = -1, p[2], d[2];
    struct stat st, su;
    socketpair(AF_UNIX, SOCK_STREAM, 0, s), socketpair(AF_UNIX, SOCK_DGRAM, 0, d), pipe(p);
    struct iovec v[3] = {{"ab", 2}, {"", 0}, {"cdef", 4}}, w[2] = {{b, 3}, {c, 10}};
    R(writev(s[0], v, 3)), R(ioctl(s[1], SIOCINQ, &n)), V(n), R(ioctl(s[0], SIOCOUTQ, &n)), V(n > 0), R(ioctl(s[0], FIONREAD, &n)), V(n), R(readv(s[1], w, 2)), B(b, 3), B(c, 3), R(ioctl(s[0], SIOCOUTQ, &n)), V(n), R(writev(d[0], v, 3)), R(write(d[0], "second", 6)), R(ioctl(d[1], FIONREAD, &n)), V(n), R(readv(d[1], w, 2)), B(c, 3), R(ioctl(d[1], FIONREAD, &n)), V(n), R(ioctl(s[0], SIOCINQ, BAD)), R(ioctl(s[0], 0x5401, b)), R(ioctl(s[0], 12345, b));
    int f = open("data", O_CREAT | O_RDWR, 0644);
    R(write(f, "contents", 8)), lseek(f, 0, SEEK_SET), R(sendfile(s[0], f, 0, 100)), R(read(s[1], b, 100)), B(b, 8), R(sendfile(f, s[0], 0, 1)), R(write(p[1], "piped", 5)), R(splice(p[0], 0, s[0], 0, 100, 0)), R(write(s[0], "more", 4)), R(splice(s[1], 0, p[1], 0, 100, 0)), R(read(p[0], b, 100)), B(b, 5), R(splice(s[1], 0, p[1], 0, 100, SPLICE_F_NONBLOCK)), R(read(s[1], b, 0)), R(write(s[0], b, 0)), R(write(d[0], b, 0)), R(ioctl(d[1], FIONREAD, &n)), V(n), R(recv(d[1], b, 1, MSG_DONTWAIT));
    R(lseek(s[0], 0, SEEK_SET)), R(pread(s[0], b, 1, 0)), R(pwrite(s[0], b, 1, 0)), R(ftruncate(s[0], 0)), R(fsync(s[0])), R(fdatasync(s[0])), R(fallocate(s[0], 0, 0, 1)), OK(mmap(0, 4096, PROT_READ, MAP_SHARED, s[0], 0)), R(fchdir(s[0])), R(SC(getdents64, s[0], b, 100)), R(posix_fadvise(s[0], 0, 0, 0)), R(fcntl(s[0], F_GETPIPE_SZ)), R(SC(copy_file_range, f, 0, s[0], 0, 1, 0)), R(SC(tee, p[0], s[0], 1, 0)), R(flock(s[0], 2));
    fstat(s[0], &st), fstat(s[1], &su), say("mode %o links %ld size %ld, same %d, same device %d", st.st_mode, (long)st.st_nlink, (long)st.st_size, st.st_ino == su.st_ino, st.st_dev == su.st_dev), V(st.st_blksize);
    sprintf(path, "/proc/self/fd/%d", s[0]), n = readlink(path, b, 99), b[n] = 0, sprintf(c, "socket:[%ld]", (long)st.st_ino), V(strcmp(b, c)), R(open(path, O_RDWR)), R(fchmod(s[0], 0600)), R(fchown(s[0], 7, 8)), fstat(s[0], &st), say("mode %o uid %d gid %d", st.st_mode, st.st_uid, st.st_gid);
    X(fcntl(s[0], F_GETFL)), R(fcntl(s[0], F_SETFL, O_NONBLOCK)), R(read(s[0], b, 1)), n = 0, R(ioctl(s[0], FIONBIO, &n)), X(fcntl(s[0], F_GETFL)), R(recv(s[0], b, 1, MSG_DONTWAIT)), n = 1, R(ioctl(s[0], FIONBIO, &n)), X(fcntl(s[0], F_GETFL));
    // Sends of nothing, of what cannot be read, and to what is no socket
    R(send(s[0], BAD, 0, 0)), R(SC(sendto, s[0], BAD, 5, 0, 0, 0)), R(SC(sendto, d[0], BAD, 5, 0, 0, 0)), R(SC(recvfrom, s[1], BAD, 5, MSG_DONTWAIT, 0, 0)), write(s[0], "here", 4), R(SC(recvfrom, s[1], BAD, 5, 0, 0, 0)), R(SC(recvfrom, s[1], b, 5, 0, 0, 0)), R(SC(sendto, 1, b, 1, 0, 0, 0)), R(SC(sendto, 99, b, 1, 0, 0, 0)), R(SC(recvfrom, p[0], b, 1, 0, 0, 0)), write(d[0], "here", 4), R(SC(recvfrom, d[1], BAD, 5, 0, 0, 0)), R(SC(recvfrom, d[1], b, 5, MSG_DONTWAIT, 0, 0));
}
