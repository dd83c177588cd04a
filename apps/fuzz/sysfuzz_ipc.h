// SPDX-License-Identifier: MPL-2.0
// Values of sysfuzz.c for System V IPC. Objects have one of four keys, which all workers share, so that there are never many.
#pragma once
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>
static int ipc_command;
static long ipc_value(enum kind k)
{
    long b[64];
    memset(b, 0, sizeof b);
    int key = 0x5f00 + pick(4);
    switch (k) {
    case IPCKEY: return key;
    case IPCFLAGS: return ONEOF(IPC_CREAT | 0600, IPC_CREAT | 0600, IPC_CREAT | 0600, 0600, IPC_CREAT | IPC_EXCL | 0600, 04600);
    case IPCBUF: // IPC_SET leaves it usable: owner, mode, bytes of a queue
        ((int *)b)[1] = ((int *)b)[2] = kUser, ((int *)b)[5] = 0600, b[11] = 16384;
        return (long)copy(b, 512);
    case SHMSIZE: return pick(4) ? 1 : 1 + pick(16384); // what is there may be smaller
    case SHMID: return shmget(key, 1, IPC_CREAT | 0600);
    case SHMWHERE: return pick(2) ? 0 : (long)arena + 4096 * pick(kArena - 8);
    case SHMFLAGS: return ONEOF(0, SHM_RDONLY, SHM_REMAP | SHM_RND, SHM_EXEC);
    case SHMADDR: return (long)shmat(ipc_value(SHMID), arena + 4096 * pick(kArena - 8), SHM_REMAP);
    case SHMCMD: return ONEOF(IPC_STAT, IPC_STAT, IPC_INFO, SHM_INFO, SHM_LOCK, SHM_UNLOCK, IPC_SET, IPC_RMID, SHM_STAT, 15);
    case SEMN: return pick(4) ? 1 : 1 + pick(8);
    case SEMID: return semget(key, 1, IPC_CREAT | 0600);
    case SEMOPS: // few wait: most give
        for (int i = 0; i < 8; i++)
            ((struct sembuf *)b)[i] = (struct sembuf){pick(8) ? 0 : pick(4), pick(4) ? 1 : pick(5) - 2, ONEOF(0, 04000, 04000, 04000 | SEM_UNDO)};
        return (long)copy(b, 48);
    case SEMNOPS: return 1 + pick(4);
    case SEMNUM: return pick(4) ? 0 : pick(9);
    case SEMCMD: return ipc_command = ONEOF(IPC_STAT, GETVAL, GETPID, GETNCNT, GETZCNT, GETALL, SETALL, SETVAL, SETVAL, IPC_INFO, SEM_INFO, IPC_RMID, IPC_SET, SEM_STAT, 20);
    case SEMARG: return ipc_command == SETVAL ? pick(9) : ipc_value(ipc_command == SETALL ? MSGP : IPCBUF);
    case MSGID: return msgget(key, IPC_CREAT | 0600);
    case MSGFULL: { long m[2] = {1 + pick(3), 5}; int q = msgget(key, IPC_CREAT | 0600); msgsnd(q, m, 8, IPC_NOWAIT); return q; }
    case MSGP: b[0] = 1 + pick(3); return (long)copy(b, 512);
    case MSGSIZE: return ONEOF(0, 1, 8, 100, 500);
    case MSGTYPE: return pick(3) ? 0 : pick(7) - 3;
    case MSGFLAGS: return ONEOF(0, 04000, 04000, 014000, 044000, 024000);
    case MSGCMD: return ONEOF(IPC_STAT, IPC_STAT, IPC_INFO, MSG_INFO, IPC_SET, IPC_RMID, MSG_STAT, 13);
    default: return (long)rnd();
    }
}
// At the end: these objects outlive the processes.
static void remove_objects(void)
{
    for (int key = 0x5f00; key < 0x5f04; key++)
        shmctl(shmget(key, 0, 0), IPC_RMID, 0), semctl(semget(key, 0, 0), 0, IPC_RMID), msgctl(msgget(key, 0), IPC_RMID, 0);
}
