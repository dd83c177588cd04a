// SPDX-License-Identifier: MPL-2.0
// What semctl tells of arrays and of all of them, owners and modes, who may do what.
// Covers: semctl semop semget
#include "sem.h"
static void show(const char *what, int id)
{
    struct semid_ds d;
    memset(&d, 0x55, sizeof d);
    if (SC(semctl, id, 0, IPC_STAT, &d) == -1) { say("%s: %s", what, ename(errno)); return; }
    say("%s: key %x mode %o n %lu ids %d %d %d %d times %d%d", what, d.sem_perm.__key, d.sem_perm.mode, (unsigned long)d.sem_nsems, d.sem_perm.uid, d.sem_perm.gid, d.sem_perm.cuid, d.sem_perm.cgid, d.sem_otime != 0, d.sem_ctime != 0);
}
static void figures(void)
{
    struct seminfo s, t;
    struct semid_ds d;
    int id = semget(0x5e10, 5, IPC_CREAT | 0640), index = id & 32767;
    memset(&s, 0x55, sizeof s), memset(&t, 0x55, sizeof t);
    V(SC(semctl, 0, 0, IPC_INFO, &s) == index), say("map %d mni %d mns %d mnu %d msl %d opm %d ume %d usz %d vmx %d aem %d", s.semmap, s.semmni, s.semmns, s.semmnu, s.semmsl, s.semopm, s.semume, s.semusz, s.semvmx, s.semaem);
    V(SC(semctl, 0, 0, SEM_INFO, &t) == index), say("mni %d arrays %d semaphores %d", t.semmni, t.semusz, t.semaem);
    V(SC(semctl, index, 0, SEM_STAT, &d) == id), V(d.sem_nsems), V(SC(semctl, index, 0, kSemStatAny, &d) == id), V(SC(semctl, index | 32768, 0, SEM_STAT, &d) == id), R(SC(semctl, index + 1, 0, SEM_STAT, &d)), R(SC(semctl, index + 1, 0, kSemStatAny, &d));
    R(SC(semctl, 0, 0, IPC_INFO, BAD)), R(SC(semctl, 0, 0, SEM_INFO, BAD)), R(SC(semctl, -1, 0, SEM_INFO, &s)), R(SC(semctl, id, 0, IPC_STAT, BAD)), R(SC(semctl, index, 0, SEM_STAT, BAD)), R(SC(semctl, id + 1, 0, IPC_STAT, BAD));
    show("new", id), R(SEMOP(id, {0, 0, 0})), show("used", id), R(SC(semctl, id, 0, IPC_RMID, 0)), show("gone", id), R(SC(semctl, 0, 0, SEM_INFO, &t)), say("arrays %d semaphores %d", t.semusz, t.semaem);
    id = semget(0x5e10, 2, IPC_CREAT | 07640), R(SEMOP(id, {0, 0, NOWAIT}, {1, -1, NOWAIT})), show("not used", id), R(SC(semctl, id, 0, SETVAL, 1)), show("set", id), R(SC(semctl, id, 0, IPC_RMID, 0));
}
static int id;
static void stranger(void)
{
    struct semid_ds d;
    unsigned short v[2] = {0};
    R(SC(semget, 0x5e11, 0, 0200)), V(SC(semget, 0x5e11, 0, 0400) == id), R(SC(semget, 0x5e11, 9, 0400)), R(SEMOP(id, {0, 1, 0})), R(SEMOP(id, {0, 0, 0})), R(SEMOP(id, {0, 1, 0}, {7, 1, 0}));
    R(SC(semctl, id, 0, GETVAL, 0)), R(SC(semctl, id, 0, GETALL, v)), R(SC(semctl, id, 0, SETVAL, 1)), R(SC(semctl, id, 9, SETVAL, 1)), R(SC(semctl, id, 0, SETALL, v)), R(SC(semctl, id, 9, GETVAL, 0)), show("stranger", id);
    memset(&d, 0, sizeof d), R(SC(semctl, id, 0, IPC_SET, &d)), R(SC(semctl, id, 0, IPC_RMID, 0)), V(SC(semctl, id & 32767, 0, kSemStatAny, &d) == id);
}
static void nobody(void)
{
    struct semid_ds d;
    R(SEMOP(id, {0, 0, 0})), R(SC(semctl, id, 0, GETVAL, 0)), R(SC(semctl, id, 0, IPC_STAT, &d)), R(SC(semctl, id & 32767, 0, SEM_STAT, &d)), V(SC(semctl, id & 32767, 0, kSemStatAny, &d) == id), R(SC(semctl, id, 0, SETVAL, 99999)), R(SC(semctl, id, 77, GETVAL, 0));
}
static void owner(void)
{
    struct semid_ds d;
    R(SEMOP(id, {0, 1, 0})), R(SC(semctl, id, 0, IPC_STAT, &d)), d.sem_perm.mode = 0600, R(SC(semctl, id, 0, IPC_SET, &d)), R(SEMOP(id, {0, 1, 0})), show("owner", id), R(SC(semctl, id, 0, IPC_RMID, 0)), show("gone", id);
}
static void test(void)
{
    struct semid_ds d;
    figures();
    id = semget(0x5e11, 2, IPC_CREAT | 0604), as_user(1000, stranger);
    R(SC(semctl, id, 0, IPC_STAT, &d)), d.sem_perm.mode = 0600, R(SC(semctl, id, 0, IPC_SET, &d)), as_user(1000, nobody);
    d.sem_perm.uid = 1000, d.sem_perm.mode = 07466, R(SC(semctl, id, 0, IPC_SET, &d)), show("given", id), d.sem_perm.gid = -1, R(SC(semctl, id, 0, IPC_SET, &d)), R(SC(semctl, id, 0, IPC_SET, BAD)), R(SC(semctl, id + 1, 0, IPC_SET, BAD)), R(SC(semctl, id + 1, 0, IPC_SET, &d));
    as_user(1000, owner);
}
