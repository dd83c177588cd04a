// SPDX-License-Identifier: MPL-2.0
// Cases of denial.c for System V IPC. What a case needs besides its call is made before the refusal and removed after it.
#pragma once
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>
static long made_id(long id) { return id < 0 ? -1 : (two[0] = (int)id, 0); }
static long after_sem(long r, int id) { int e = errno; semctl(id, 0, IPC_RMID); return errno = e, r; }
static long after_msg(long r, int id) { int e = errno; msgctl(id, IPC_RMID, 0); return errno = e, r; }
static struct sembuf undone = {999, 1, SEM_UNDO}, takes[2] = {{0, -1, 0}, {1, -1, SEM_UNDO}};
static long letter[1200];
CASE(shmget) { ARM; return made_id(S(shmget, 0, 20 * kPage, 0600)); }
UNDO(shmget) { shmctl(two[0], IPC_RMID, 0); }
CASE(shmat) { int id = shmget(0, 20 * kPage, 0600); ARM; long r = S(shmat, id, 0, 0); int e = errno; if (r != -1) shmdt((void *)r); shmctl(id, IPC_RMID, 0); return errno = e, r == -1 ? -1 : 0; }
UNDO(shmat) {}
CASE(semget) { ARM; return made_id(S(semget, 0, 5000, 0600)); }
UNDO(semget) { semctl(two[0], 0, IPC_RMID); }
CASE(semop) { int id = semget(0, 3, 0600); ARM; return after_sem(S(semop, id, &(struct sembuf){0, 1, 0}, 1), id); }
UNDO(semop) {}
CASE(semop_undo) { int id = semget(0, 30000, 0600); ARM; long r = S(semop, id, &undone, 1); int e = errno; if (r && semctl(id, 999, GETVAL)) r = -2; return errno = e, after_sem(r, id); }
UNDO(semop_undo) {}
CASE(semtimedop_waits) { int id = semget(0, 3, 0600); struct timespec t = {0, 1000}; ARM; long r = S(semtimedop, id, takes, 2, &t); return after_sem(r == -1 && errno == EAGAIN ? 0 : r, id); }
UNDO(semtimedop_waits) {}
CASE(semctl_all) { int id = semget(0, 10000, 0600); ARM; return after_sem(S(semctl, id, 0, GETALL, data), id); }
UNDO(semctl_all) {}
CASE(semctl_set_all) { int id = semget(0, 10000, 0600); memset(data + 8 * kPage, 0, 5 * kPage); ARM; return after_sem(S(semctl, id, 0, SETALL, data + 8 * kPage), id); }
UNDO(semctl_set_all) {}
CASE(msgget) { ARM; return made_id(S(msgget, 0, 0600)); }
UNDO(msgget) { msgctl(two[0], IPC_RMID, 0); }
CASE(msgsnd) { int id = msgget(0, 0600); letter[0] = 1; ARM; return after_msg(S(msgsnd, id, letter, 100, 0), id); }
UNDO(msgsnd) {}
CASE(msgsnd_pages) { int id = msgget(0, 0600); letter[0] = 1; ARM; return after_msg(S(msgsnd, id, letter, 8192, 0), id); }
UNDO(msgsnd_pages) {}
CASE(msgrcv) { int id = msgget(0, 0600); letter[0] = 1, msgsnd(id, letter, 8192, 0); ARM; return after_msg(S(msgrcv, id, letter, 8192, 0, 0) == 8192 ? 0 : -1, id); }
UNDO(msgrcv) {}
CASE(msgrcv_copy) { int id = msgget(0, 0600); letter[0] = 1, msgsnd(id, letter, 8192, 0); ARM; return after_msg(S(msgrcv, id, letter, 8192, 0, 044000) == 8192 ? 0 : -1, id); }
UNDO(msgrcv_copy) {}
#define IPC_TESTS T(shmget), T(shmat), T(semget), T(semop), T(semop_undo), T(semtimedop_waits), T(semctl_all), T(semctl_set_all), T(msgget), T(msgsnd), T(msgsnd_pages), T(msgrcv), T(msgrcv_copy)
