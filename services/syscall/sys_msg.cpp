// SPDX-License-Identifier: MPL-2.0
// Message queues. [msgget(2), msgop(2), msgctl(2)]
#include <services/syscall/sys_ipc.h>

namespace svc::sys {
namespace {

namespace cmd {
constexpr i32 stat = 11, info = 12, stat_any = 13;
}
namespace f {
constexpr u32 no_error = 010000, except = 020000, copy = 040000;
}

struct UserMsg {       // struct msqid64_ds
  UserIpcPerm perm{};
  i64 send_time = 0, receive_time = 0, change_time = 0;
  u64 bytes = 0, messages = 0, most_bytes = 0;
  i32 last_sender = 0, last_receiver = 0;
  u64 unused1 = 0, unused2 = 0;
};
static_assert(sizeof(UserMsg) == 120);
struct UserMsgInfo {   // struct msginfo
  static constexpr i32 kPool = 512'000, kLikeQueue = 16384;
  i32 pool = kPool, map = kLikeQueue, message_bytes = 0, queue_bytes = 0, queues = 0, segment_size = 16, messages = kLikeQueue;
  u16 segments = 0xffff, pad = 0;
};
static_assert(sizeof(UserMsgInfo) == 32);

constexpr u64 kTypeSize = 8;   // in front of a message's text

const ipc::IdTable<ipc::MessageQueue>& table(Caller& c [[clang::lifetimebound]]) { return c.system().ipc().queues(); }

SysResult stat(Caller& c, i32 id, i32 command, VirtAddr out) {
  const Ref<ipc::MessageQueue> q = TRY(ipc_object(table(c), id, command != ipc_cmd::stat));
  if (command != cmd::stat_any && !q->allows(c.credentials(), ipc::kRead)) return Errc::access_denied;
  const ipc::MessageQueue::Figures now = q->figures();
  UserMsg u{};
  u.perm = to_user(*q);
  u.send_time = now.send_time;
  u.receive_time = now.receive_time;
  u.change_time = now.change_time;
  u.bytes = now.bytes;
  u.messages = now.messages;
  u.most_bytes = now.most_bytes;
  u.last_sender = now.last_sender;
  u.last_receiver = now.last_receiver;
  TRY(user::write(c.address_space(), out, u));
  return command == ipc_cmd::stat ? 0 : q->id();
}

i32 at_most_int(u64 n) { return n > INT32_MAX ? INT32_MAX : static_cast<i32>(n); }

SysResult info(Caller& c, i32 command, VirtAddr out) {
  const ipc::Limits& l = c.system().ipc().limits();
  UserMsgInfo u{};
  u.message_bytes = at_most_int(l.message_bytes.load());
  u.queue_bytes = at_most_int(l.queue_bytes.load());
  u.queues = at_most_int(l.queues.load());
  if (command == cmd::info) {
    u64 messages = 0, bytes = 0;
    for (Opt<Ref<ipc::MessageQueue>> q = table(c).next(0); q; q = table(c).next((*q)->index() + 1)) {
      const ipc::MessageQueue::Figures now = (*q)->figures();
      messages += now.messages;
      bytes += now.bytes;
    }
    u.pool = at_most_int(table(c).in_use());
    u.map = at_most_int(messages);
    u.messages = at_most_int(bytes);
  }
  TRY(user::write(c.address_space(), out, u));
  return table(c).highest_index();
}

SysResult set(Caller& c, i32 id, VirtAddr from) {
  const UserMsg u = TRY(user::read<UserMsg>(c.address_space(), from));
  const Ref<ipc::MessageQueue> q = TRY(table(c).find(id));
  TRY(q->may_control(c.credentials()));
  // Linux has it as an int.
  const u32 most = static_cast<u32>(u.most_bytes & 0xffff'ffff);
  if (most > c.system().ipc().limits().queue_bytes.load() && !c.capable(Capability::sys_resource)) return Errc::not_permitted;
  TRY(q->change_owner(Uid{u.perm.uid}, Gid{u.perm.gid}, u.perm.mode));
  q->set(static_cast<u64>(i64{static_cast<i32>(most)}));
  return 0;
}

// A wait that a signal ends goes on only if no handler runs.
Errc after_wait(Errc e) { return e == Errc::interrupted ? Errc::restart_no_hand : e; }

using Which = ipc::Wanted::Which;
Which which(i64 type, u32 flags) {
  if ((flags & f::copy) != 0) return Which::number;
  if (type == 0) return Which::any;
  if (type < 0) return Which::lowest;
  return (flags & f::except) != 0 ? Which::not_equal : Which::equal;
}

}  // namespace

SysResult sys_msgget(Caller& c, i32 key, u32 flags) { return TRY(c.system().ipc().msg_get(c, key, flags)); }

// Errors: EFAULT (the type), EINVAL, EFAULT, ENOMEM, EINVAL, EACCES, EIDRM, EAGAIN, EINTR.
SysResult sys_msgsnd(Caller& c, i32 id, UserBuffer message, i64 size, u32 flags) {
  const i64 type = TRY(user::read<i64>(c.address_space(), message.at));
  if (size < 0 || size > static_cast<i64>(c.system().ipc().limits().message_bytes.load()) || id < 0 || type < 1) return Errc::invalid_argument;
  const usize n = static_cast<usize>(size);
  Reader from = Reader::user(c.address_space(), VirtAddr(message.at.value + kTypeSize), n);
  const Ref<ipc::Message> m = TRY(ipc::Message::copy_in(type, from, n));
  const Ref<ipc::MessageQueue> q = TRY(table(c).find(id));
  const Status s = q->send(c, m, (flags & ipc::kNoWait) != 0 ? ipc::MessageQueue::Full::refuse : ipc::MessageQueue::Full::wait);
  if (!s.ok()) return after_wait(s.error());
  return 0;
}

// Errors: EINVAL, EFAULT (MSG_COPY), EINVAL, EACCES, EIDRM, E2BIG, ENOMSG, EINTR, EFAULT (the message is lost).
SysResult sys_msgrcv(Caller& c, i32 id, UserBuffer message, i64 size, i64 type, u32 flags) {
  if (id < 0 || size < 0) return Errc::invalid_argument;
  ipc::Wanted w{};
  w.which = which(type, flags);
  w.type = w.which != Which::lowest ? type : type == INT64_MIN ? INT64_MAX : -type;
  w.room = static_cast<usize>(size);
  w.truncate = (flags & f::no_error) != 0;
  w.copy = (flags & f::copy) != 0;
  w.wait = (flags & ipc::kNoWait) == 0;
  if (w.copy) {
    if ((flags & f::except) != 0 || w.wait) return Errc::invalid_argument;
    // What is in the room for the copy is read first; it counts up to the size a message may have.
    const usize most = c.system().ipc().limits().message_bytes.load();
    if (w.room > most) w.room = most;
    Reader there = Reader::user(c.address_space(), message.at, w.room);
    TRY(ipc::Message::copy_in(1, there, w.room));
  }
  const Ref<ipc::MessageQueue> q = TRY(table(c).find(id));
  const Result<Ref<ipc::Message>> got = q->receive(c, w);
  if (!got.ok()) return after_wait(got.error());
  const ipc::Message& m = *got.value();
  const usize n = m.length() < w.room ? m.length() : w.room;
  TRY(user::write(c.address_space(), message.at, m.type()));
  Writer to = Writer::user(c.address_space(), VirtAddr(message.at.value + kTypeSize), n);
  TRY(m.copy_out(to, n));
  return static_cast<i64>(n);
}

SysResult sys_msgctl(Caller& c, i32 id, i32 command, UserBuffer buffer) {
  if (id < 0 || command < 0) return Errc::invalid_argument;
  switch (command) {
    case ipc_cmd::info:
    case cmd::info: return info(c, command, buffer.at);
    case ipc_cmd::stat:
    case cmd::stat:
    case cmd::stat_any: return stat(c, id, command, buffer.at);
    case ipc_cmd::set: return set(c, id, buffer.at);
    case ipc_cmd::rmid: {
      const Ref<ipc::MessageQueue> q = TRY(table(c).find(id));
      TRY(q->may_control(c.credentials()));
      q->remove();
      return 0;
    }
    default: return Errc::invalid_argument;
  }
}

}  // namespace svc::sys
