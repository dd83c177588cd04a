// SPDX-License-Identifier: MPL-2.0
// Shared memory: keys and ids, sizes, what is attached where, what removal leaves, owners and modes, attachments that follow fork,
// munmap of parts, mremap, exec and exit.
// Covers: shmget shmat shmdt shmctl
#include "../conf.h"
#include <sys/ipc.h>
#include <sys/shm.h>
enum { kStatAny = 15, kSize = 4 * 4096 };
static void show(const char *what, int id)
{
    struct shmid_ds d;
    memset(&d, 0x55, sizeof d);
    long r = SC(shmctl, id, IPC_STAT, &d);
    if (r == -1) { say("%s: %s", what, ename(errno)); return; }
    say("%s: size %zu mode %o attached %lu maker %d last %d times %d%d%d", what, d.shm_segsz, d.shm_perm.mode, (unsigned long)d.shm_nattch, d.shm_cpid == getpid(),
        d.shm_lpid == getpid() ? 1 : d.shm_lpid ? 2 : 0, d.shm_atime != 0, d.shm_dtime != 0, d.shm_ctime != 0);
}
static long at(int id, void *p, int flags) { long r = SC(shmat, id, p, flags); return r == -1 ? -1 : 0; }
static void keys(void)
{
    int id = shmget(0x1234, kSize, IPC_CREAT | 0640);
    V(shmget(0x1234, 0, 0) == id), V(shmget(0x1234, kSize, IPC_CREAT) == id), R(SC(shmget, 0x1234, kSize, IPC_CREAT | IPC_EXCL)), R(SC(shmget, 0x1234, kSize + 1, 0)), R(SC(shmget, 0x4321, kSize, 0));
    R(SC(shmget, IPC_PRIVATE, 0, IPC_CREAT | 0600)), R(SC(shmget, IPC_PRIVATE, -1, 0600)), R(SC(shmget, IPC_PRIVATE, 1ul << 62, 0600));
    show("new", id);
    R(SC(shmctl, id, IPC_RMID, 0)), show("gone", id), R(SC(shmctl, id, IPC_RMID, 0)), R(SC(shmget, 0x1234, 0, 0)), R(at(id, 0, 0));
    int next = shmget(0x1234, 1, IPC_CREAT | 0600);
    V(next - id), V((next & 32767) - (id & 32767)), show("one byte", next);
    R(SC(shmctl, next + 32768, IPC_STAT, 0)), R(SC(shmctl, -1, IPC_STAT, 0)), R(SC(shmctl, next, -1, 0)), R(SC(shmctl, next, 77, 0)), R(SC(shmctl, next, IPC_STAT | 0x100, 0)), R(SC(shmctl, next, IPC_STAT, BAD)), R(SC(shmctl, next, IPC_SET, BAD));
    R(SC(shmctl, next, IPC_RMID, 0));
    // Huge pages, of which there are none.
    R(SC(shmget, IPC_PRIVATE, kSize, 04000 | 0600)), R(SC(shmget, IPC_PRIVATE, kSize, 04000 | 0600 | 21 << 26)), R(SC(shmget, IPC_PRIVATE, kSize, 04000 | 0600 | 16 << 26));
}
static void places(void)
{
    int id = shmget(IPC_PRIVATE, kSize - 100, 0600), other = shmget(IPC_PRIVATE, kSize, 0600);
    char *p = shmat(id, 0, 0), *q = shmat(id, 0, SHM_RDONLY);
    p[5] = 'x', p[kSize - 1] = 'y', say("%c %c", q[5], q[kSize - 1]), show("two", id);
    R(mprotect(q, PAGE, PROT_READ | PROT_WRITE)), R(mprotect(q, PAGE, PROT_READ | PROT_EXEC)), show("in two", id), R(mprotect(q, PAGE, PROT_READ)), show("still two", id);
    R(SC(shmdt, q + 1)), R(SC(shmdt, q + PAGE)), R(SC(shmdt, 0)), R(SC(shmdt, q)), show("one", id), R(SC(shmdt, q));
    char *m = mmap(0, 8 * PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    R(at(other, m, 0)), R(at(other, m + 1, 0)), R(at(other, m + 1, SHM_REMAP)), R(at(other, 0, SHM_REMAP)), R(at(other, (void *)1, SHM_RND | SHM_REMAP));
    V((char *)shmat(other, m + PAGE + 7, SHM_RND | SHM_REMAP) - m), m[PAGE] = 'o', R(munmap(m, PAGE)), munmap(m + 5 * PAGE, 3 * PAGE);
    // Parts: each is an attachment, shmdt takes all of one.
    R(munmap(m + 2 * PAGE, PAGE)), show("a hole", other), R(SC(shmdt, m + PAGE)), show("none", other);
    char *a = shmat(other, 0, 0);
    V(a[0]), R(munmap(a, PAGE)), show("cut", other), R(SC(shmdt, a + PAGE)), R(SC(shmdt, a)), show("none", other);
    a = shmat(other, 0, 0);
    char *b = mremap(a, kSize, 2 * kSize, MREMAP_MAYMOVE);
    V(b != MAP_FAILED), show("moved", other), V(b[0]);
    pid_t c;
    CHILD(c) { b[kSize] = 1; }
    reap("beyond the end", c);
    char *twice = mremap(b, 0, kSize, MREMAP_MAYMOVE);
    V(twice[0]), show("twice", other), R(SC(shmdt, twice)), R(SC(shmdt, b)), show("none", other);
    R(at(other, 0, SHM_EXEC)), show("one", other);
    R(SC(shmctl, other, IPC_RMID, 0)), show("removed", other), V(shmat(other, 0, 0) != (void *)-1), show("and attached", other);
    R(SC(shmctl, id, IPC_RMID, 0)), R(SC(shmdt, p)), show("gone", id), V(shmat(other, p, 0) != (void *)-1), R(at(-1, 0, 0));
}
static void families(void)
{
    int id = shmget(0x77, kSize, IPC_CREAT | 0600), go[2], done[2];
    char *p = shmat(id, 0, 0), x;
    pid_t c;
    pipe(go), pipe(done);
    CHILD(c) { p[0] = 'c', write(done[1], "d", 1), read(go[0], &x, 1); }
    read(done[0], &x, 1), show("with a child", id), V(p[0]), write(go[1], "g", 1), reap("child", c), show("without", id);
    CHILD(c) { R(SC(shmdt, p)), show("child", id), shmat(id, 0, 0), execl("/bin/true", "true", NULL); }
    reap("exec", c), show("after exec", id);
    CHILD(c) { R(SC(shmctl, id, IPC_RMID, 0)), V(shmget(0x77, 0, 0)); }
    reap("remover", c);
    struct shmid_ds d;
    V(shmctl(id, IPC_STAT, &d)), V(d.shm_perm.mode & 01777), V(d.shm_perm.__key), show("kept", id), R(SC(shmdt, p)), show("gone", id);
}
static void owners(void)
{
    int id = shmget(0x99, kSize, IPC_CREAT | 0604);
    struct shmid_ds d;
    pid_t c;
    CHILD(c) {
        setgid(1000), setuid(1000);
        V(shmget(0x99, 0, 0400) == id), R(SC(shmget, 0x99, 0, 0200)), R(at(id, 0, 0)), R(at(id, 0, SHM_RDONLY)), R(at(id, 0, SHM_RDONLY | SHM_EXEC)), show("other", id);
        R(SC(shmctl, id, IPC_RMID, 0)), R(SC(shmctl, id, SHM_LOCK, 0)), shmctl(id, IPC_STAT, &d), R(SC(shmctl, id, IPC_SET, &d));
        R(SC(shmget, IPC_PRIVATE, 1ul << 40, 04600));
    }
    reap("user", c);
    shmctl(id, IPC_STAT, &d), d.shm_perm.uid = 1000, d.shm_perm.mode = 07466, R(SC(shmctl, id, IPC_SET, &d)), show("given", id);
    d.shm_perm.uid = -1, R(SC(shmctl, id, IPC_SET, &d));
    CHILD(c) {
        setgid(1000), setuid(1000);
        R(at(id, 0, 0)), R(at(id, 0, SHM_RDONLY)), R(SC(shmctl, id, SHM_LOCK, 0)), show("locked", id), R(SC(shmctl, id, SHM_UNLOCK, 0)), show("unlocked", id);
        R(SC(shmctl, id, IPC_STAT, &d)), V(d.shm_perm.cuid), V(d.shm_perm.uid), R(SC(shmctl, id, IPC_RMID, 0));
    }
    reap("owner", c), show("gone", id);
}
static void figures(void)
{
    struct shminfo lim;
    struct shm_info use;
    struct shmid_ds d;
    int id = shmget(IPC_PRIVATE, kSize, 0200);
    V(SC(shmctl, 0, IPC_INFO, &lim) == (id & 32767)), say("%lx %lu %lu %lu %lx", lim.shmmax, lim.shmmin, lim.shmmni, lim.shmseg, lim.shmall);
    *(char *)shmat(id, 0, 0) = 1;
    V(SC(shmctl, 0, SHM_INFO, &use) == (id & 32767)), say("%d %lu %lu %lu", use.used_ids, use.shm_tot, use.shm_rss, use.shm_swp);
    V(SC(shmctl, id & 32767, SHM_STAT, &d) == id), V(SC(shmctl, id & 32767, kStatAny, &d) == id), V(d.shm_segsz), R(SC(shmctl, (id & 32767) + 1, SHM_STAT, &d)), R(SC(shmctl, 0, IPC_INFO, BAD)), R(SC(shmctl, 0, SHM_INFO, BAD));
    pid_t c;
    CHILD(c) { setuid(1), R(SC(shmctl, id & 32767, SHM_STAT, &d)), V(SC(shmctl, id & 32767, kStatAny, &d) == id); }
    reap("user", c), R(SC(shmctl, id, IPC_RMID, 0));
}
static void test(void) { keys(), places(), families(), owners(), figures(); }
