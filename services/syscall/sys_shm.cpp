// SPDX-License-Identifier: MPL-2.0
// Shared memory. [shmget(2), shmop(2), shmctl(2)]
#include <services/syscall/sys_ipc.h>

namespace svc::sys {
namespace {

namespace f {
constexpr u32 read_only = 010000, round = 020000, remap = 040000, exec = 0100000;
}
namespace cmd {
constexpr i32 lock = 11, unlock = 12, stat = 13, info = 14, stat_any = 15;
}

struct UserShm {      // struct shmid64_ds
  UserIpcPerm perm{};
  u64 size = 0;
  i64 attach_time = 0, detach_time = 0, change_time = 0;
  i32 maker = 0, last_pid = 0;
  u64 attached = 0, unused1 = 0, unused2 = 0;
};
static_assert(sizeof(UserShm) == 112);
struct UserShmLimits {  // struct shminfo64
  u64 most = 0, least = 1, segments = 0, per_process = 0, pages = 0, unused1 = 0, unused2 = 0, unused3 = 0, unused4 = 0;
};
struct UserShmUse {     // struct shm_info
  u32 in_use = 0, pad = 0;
  u64 pages = 0, resident = 0, swapped = 0, swap_attempts = 0, swap_successes = 0;
};

SysResult stat(Caller& c, i32 id, i32 command, UserBuffer out) {
  const Ref<ipc::Segment> s = TRY(ipc_object(c.system().ipc().segments(), id, command != ipc_cmd::stat));
  if (command != cmd::stat_any && !s->allows(c.credentials(), ipc::kRead)) return Errc::access_denied;
  const ipc::Segment::Figures now = s->figures();
  UserShm u{};
  u.perm = to_user(*s);
  u.size = s->size();
  u.attach_time = now.attach_time;
  u.detach_time = now.detach_time;
  u.change_time = now.change_time;
  u.maker = s->maker();
  u.last_pid = now.last_pid;
  u.attached = now.attached;
  TRY(user::write(c.address_space(), out.at, u));
  return command == ipc_cmd::stat ? 0 : s->id();
}

SysResult limits(Caller& c, UserBuffer out) {
  const ipc::Space& ipc = c.system().ipc();
  UserShmLimits u{};
  u.most = ipc.limits().shm_bytes.load();
  u.segments = u.per_process = ipc.limits().segments.load();
  u.pages = ipc.limits().shm_pages.load();
  TRY(user::write(c.address_space(), out.at, u));
  return ipc.segments().highest_index();
}
SysResult use(Caller& c, UserBuffer out) {
  const ipc::Space& ipc = c.system().ipc();
  UserShmUse u{};
  u.in_use = static_cast<u32>(ipc.segments().in_use());
  u.pages = ipc.counts().shm_pages.load();
  for (Opt<Ref<ipc::Segment>> s = ipc.segments().next(0); s; s = ipc.segments().next((*s)->index() + 1)) u.resident += (*s)->resident_pages();
  TRY(user::write(c.address_space(), out.at, u));
  return ipc.segments().highest_index();
}

// Pages stay in memory anyway. Errors: not_permitted, out_of_memory (RLIMIT_MEMLOCK).
SysResult lock(Caller& c, i32 id, bool lock) {
  const Ref<ipc::Segment> s = TRY(c.system().ipc().segments().find(id));
  const u64 most = c.self()->limit(proc::Resource::memlock).soft;
  if (!c.capable(Capability::ipc_lock)) {
    const ipc::Owner o = s->owner();
    const Uid me = c.credentials().values().euid;
    if (me != o.uid && me != o.cuid) return Errc::not_permitted;
    if (lock && most == 0) return Errc::not_permitted;
    if (lock && !s->has_mode(ipc::kLocked) && s->pages() > most >> kPageShift) return Errc::out_of_memory;
  }
  if (lock) s->add_mode(ipc::kLocked);
  else s->drop_mode(ipc::kLocked);
  return 0;
}

// An attachment for the time of shmat(2).
class Hold {
 public:
  explicit Hold(Ref<ipc::Segment> s) : segment_(std::move(s)) {}
  ~Hold() { segment_->release(); }
  Hold(const Hold&) = delete;

 private:
  Ref<ipc::Segment> segment_;
};

}  // namespace

UserIpcPerm to_user(const ipc::Object& o) {
  const ipc::Owner w = o.owner();
  UserIpcPerm p{};
  p.key = o.key();
  p.uid = w.uid.value;
  p.gid = w.gid.value;
  p.cuid = w.cuid.value;
  p.cgid = w.cgid.value;
  p.mode = w.mode;
  p.seq = static_cast<u16>(static_cast<u32>(o.id()) >> ipc::kIndexBits);
  return p;
}

SysResult sys_shmget(Caller& c, i32 key, u64 size, u32 flags) {
  ipc::Space::ShmGet q{};
  q.key = key;
  q.size = size;
  q.flags = flags;
  q.lockable = c.self()->limit(proc::Resource::memlock).soft;
  return TRY(c.system().ipc().shm_get(c, c.process()->account(), q));
}

SysResult sys_shmat(Caller& c, i32 id, VirtAddr at, u32 flags) {
  using Placement = vm::MapRequest::Placement;
  if (id < 0) return Errc::invalid_argument;
  const bool placed = at.value != 0, over = (flags & f::remap) != 0;
  if (!placed && over) return Errc::invalid_argument;
  if (at.page_offset() != 0) {
    if ((flags & f::round) == 0) return Errc::invalid_argument;
    at = at.page_down();
    if (at.value == 0 && over) return Errc::invalid_argument;
  }
  const bool writes = (flags & f::read_only) == 0, runs = (flags & f::exec) != 0;
  const Ref<ipc::Segment> s = TRY(c.system().ipc().segments().find(id));
  if (!s->allows(c.credentials(), ipc::kRead | (writes ? ipc::kWrite : 0U) | (runs ? 0111U : 0U))) return Errc::access_denied;
  TRY(s->hold());
  const Hold hold(s);
  if (at.value != 0 && !over && s->size() > ~0ULL - at.value) return Errc::invalid_argument;
  vm::MapRequest r{};
  r.hint = at;
  r.length = s->size();
  r.prot = {true, writes, runs};
  r.sharing = vm::Sharing::shared;
  r.placement = !placed ? Placement::hint : over || at.value == 0 ? Placement::fixed : Placement::fixed_no_replace;
  r.may_map_low = c.capable(Capability::sys_rawio);
  r.object = ipc::Attachment::create(s, writes);
  r.file = ipc::mapped_segment(*s);
  const Result<VirtAddr> where = c.vm().map(r, c.vm_limits());
  if (!where.ok()) return where.error() == Errc::exists ? Errc::invalid_argument : where.error();
  return static_cast<i64>(where.value().value);
}

SysResult sys_shmdt(Caller& c, VirtAddr at) {
  TRY(c.vm().detach(at));
  return 0;
}

SysResult sys_shmctl(Caller& c, i32 id, i32 command, UserBuffer buffer) {
  if (command < 0 || id < 0) return Errc::invalid_argument;
  switch (command) {
    case ipc_cmd::info: return limits(c, buffer);
    case cmd::info: return use(c, buffer);
    case ipc_cmd::stat:
    case cmd::stat:
    case cmd::stat_any: return stat(c, id, command, buffer);
    case cmd::lock: return lock(c, id, true);
    case cmd::unlock: return lock(c, id, false);
    case ipc_cmd::set: {
      const UserShm u = TRY(user::read<UserShm>(c.address_space(), buffer.at));
      const Ref<ipc::Segment> s = TRY(c.system().ipc().segments().find(id));
      TRY(s->may_control(c.credentials()));
      TRY(s->change_owner(Uid{u.perm.uid}, Gid{u.perm.gid}, u.perm.mode));
      s->changed();
      return 0;
    }
    case ipc_cmd::rmid: {
      const Ref<ipc::Segment> s = TRY(c.system().ipc().segments().find(id));
      TRY(s->may_control(c.credentials()));
      s->remove();
      return 0;
    }
    default: return Errc::invalid_argument;
  }
}

}  // namespace svc::sys
