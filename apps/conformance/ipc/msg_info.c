// SPDX-License-Identifier: MPL-2.0
// What msgctl tells of queues and of all of them, owners and modes, who may do what.
// Covers: msgctl msgsnd msgrcv msgget
#include "msg.h"
static int id;
static void owners(const char *what)
{
    struct msqid_ds d;
    if (SC(msgctl, id, IPC_STAT, &d) == -1) { say("%s: %s", what, ename(errno)); return; }
    say("%s: key %x mode %o ids %d %d %d %d bytes %lu", what, d.msg_perm.__key, d.msg_perm.mode, d.msg_perm.uid, d.msg_perm.gid, d.msg_perm.cuid, d.msg_perm.cgid, (unsigned long)d.msg_qbytes);
}
static void stranger(void)
{
    struct msqid_ds d;
    R(SC(msgget, 0x3510, 0200)), V(SC(msgget, 0x3510, 0400) == id), R(put(id, 1, "x", NOWAIT)), R(put(id + 1, 1, "x", NOWAIT)), R(put(id, 0, "x", NOWAIT)), get("read", id, 10, 0, NOWAIT), get("read", id, 10, 0, NOWAIT), owners("stranger");
    memset(&d, 0, sizeof d), R(SC(msgctl, id, IPC_SET, &d)), R(SC(msgctl, id, IPC_RMID, 0));
}
static void nobody(void)
{
    struct msqid_ds d;
    get("read", id, 10, 0, NOWAIT), get("copy", id, 10, 0, NOWAIT | COPY), owners("nobody"), R(SC(msgctl, id & 32767, MSG_STAT, &d)), V(SC(msgctl, id & 32767, kMsgStatAny, &d) == id), R(put(id, 1, "x", NOWAIT));
}
static void owner(void)
{
    struct msqid_ds d;
    R(put(id, 1, "x", NOWAIT)), get("read", id, 10, 0, NOWAIT), R(SC(msgctl, id, IPC_STAT, &d));
    // More bytes than the limit need a capability.
    d.msg_qbytes = 16385, R(SC(msgctl, id, IPC_SET, &d)), d.msg_qbytes = -1, R(SC(msgctl, id, IPC_SET, &d)), d.msg_qbytes = 16384, R(SC(msgctl, id, IPC_SET, &d)), d.msg_qbytes = 100, d.msg_perm.mode = 0600, R(SC(msgctl, id, IPC_SET, &d)), owners("owner"), R(put(id, 1, "x", NOWAIT)), R(SC(msgctl, id, IPC_RMID, 0)), owners("gone");
}
static void test(void)
{
    struct msginfo s, t;
    struct msqid_ds d;
    id = msgget(0x3510, IPC_CREAT | 0604);
    int index = id & 32767;
    memset(&s, 0x55, sizeof s), memset(&t, 0x55, sizeof t);
    R(put(id, 1, "some text", 0)), R(put(id, 2, "more", 0));
    V(SC(msgctl, 0, IPC_INFO, &s) == index), say("pool %d map %d max %d mnb %d mni %d ssz %d tql %d seg %d", s.msgpool, s.msgmap, s.msgmax, s.msgmnb, s.msgmni, s.msgssz, s.msgtql, s.msgseg);
    V(SC(msgctl, 0, MSG_INFO, &t) == index), say("queues %d messages %d bytes %d max %d", t.msgpool, t.msgmap, t.msgtql, t.msgmax);
    V(SC(msgctl, index, MSG_STAT, &d) == id), V(d.msg_qnum), V(SC(msgctl, index, kMsgStatAny, &d) == id), R(SC(msgctl, index + 1, MSG_STAT, &d)), R(SC(msgctl, index + 1, kMsgStatAny, &d)), R(SC(msgctl, 0, IPC_INFO, BAD)), R(SC(msgctl, 0, MSG_INFO, BAD)), R(SC(msgctl, index, MSG_STAT, BAD));
    owners("new"), as_user(1000, stranger), get("left", id, 10, 0, NOWAIT), R(put(id, 1, "again", 0));
    msgctl(id, IPC_STAT, &d), d.msg_perm.mode = 0620, R(SC(msgctl, id, IPC_SET, &d)), as_user(1000, nobody), get("left", id, 10, 0, NOWAIT);
    d.msg_perm.uid = 1000, d.msg_perm.mode = 07666, d.msg_qbytes = 20000, R(SC(msgctl, id, IPC_SET, &d)), owners("given"), d.msg_perm.uid = -1, R(SC(msgctl, id, IPC_SET, &d)), owners("same"), as_user(1000, owner);
    R(SC(msgctl, 0, MSG_INFO, &t)), say("queues %d messages %d bytes %d", t.msgpool, t.msgmap, t.msgtql);
}
