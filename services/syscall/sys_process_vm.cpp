// SPDX-License-Identifier: MPL-2.0
// Copying to and from another program's memory. [process_vm_readv(2)] Errors in Linux's order: EINVAL (flags), those of the local pieces,
// EINVAL and EFAULT of the remote ones, ESRCH, EPERM, EFAULT. What was copied before a fault counts.
#include <services/process/access.h>
#include <services/syscall/sys_pidfd.h>

namespace svc::sys {
namespace {

using Memory = Cap<vm::Vm, vm::memory::inspect | vm::memory::read | vm::memory::write>;
enum class Direction : u8 { from_remote, to_remote };

class Cursor {
 public:
  explicit Cursor(Vec<IoSlice> pieces) : pieces_(std::move(pieces)) { settle(); }
  bool at_end() const { return piece_ == pieces_.size(); }
  VirtAddr at() const { return pieces_[piece_].base + done_; }
  // Up to the end of the piece or of its page; 0: not user memory.
  u64 chunk() const {
    const IoSlice& p = pieces_[piece_];
    if (p.base.value >= kUserEnd.value || done_ >= kUserEnd - p.base) return 0;
    const u64 in_page = kPageSize - at().page_offset(), left = p.length - done_;
    return in_page < left ? in_page : left;
  }
  void advance(u64 n) {
    done_ += n;
    settle();
  }

 private:
  void settle() {
    while (!at_end() && done_ == pieces_[piece_].length) {
      ++piece_;
      done_ = 0;
    }
  }
  Vec<IoSlice> pieces_;
  usize piece_ = 0;
  u64 done_ = 0;
};

// Their addresses are not looked at before they are used.
Result<Vec<IoSlice>> remote_pieces(Caller& c, UserPtr<UserIovec> vec, u64 count) {
  constexpr u64 kMost = 1024;
  if (count > kMost) return Errc::invalid_argument;
  const Vec<UserIovec> raw = TRY(user::read_array<UserIovec>(c.address_space(), vec.at, count));
  Vec<IoSlice> out{};
  for (const UserIovec& v : raw) {
    if (v.length > INT64_MAX) return Errc::invalid_argument;
    out.push_back(IoSlice{VirtAddr(v.base), v.length});
  }
  return out;
}

Status copy(Caller& c, const Memory& m, VirtAddr local, VirtAddr remote, std::span<u8> part, Direction d) {
  if (d == Direction::from_remote) {
    TRY(m.read(remote, part));
    return user::write_bytes(c.address_space(), local, part);
  }
  TRY(user::read_bytes(c.address_space(), local, part));
  return m.write(remote, part);
}

SysResult transfer(Caller& c, const Memory& m, Cursor local, Cursor remote, Direction d) {
  Vec<u8> page = Vec<u8>::filled(kPageSize, 0);
  u64 done = 0;
  while (!local.at_end() && !remote.at_end() && !c.thread()->exiting()) {
    const u64 n = local.chunk() < remote.chunk() ? local.chunk() : remote.chunk();
    const Status s = n == 0 ? Status(Errc::fault) : copy(c, m, local.at(), remote.at(), page.items().first(n), d);
    if (!s.ok()) {
      if (done == 0) return Err(s.error());
      break;
    }
    done += n;
    local.advance(n);
    remote.advance(n);
  }
  return static_cast<i64>(done);
}

SysResult process_vm(Caller& c, Pid pid, UserPtr<UserIovec> lvec, u64 lcount, UserPtr<UserIovec> rvec, u64 rcount, u64 flags, Direction d) {
  if (flags != 0) return Errc::invalid_argument;
  Cursor local(TRY(read_iovec(c, lvec, lcount)));
  if (local.at_end()) return 0;
  Cursor remote(TRY(remote_pieces(c, rvec, rcount)));
  if (remote.at_end()) return 0;
  const Opt<Ref<proc::Thread>> t = c.system().tree().thread(pid);
  if (!t || !(*t)->vm()) return Errc::no_process;
  const Result<Cap<proc::Thread, proc::thread::trace>> traced = proc::Access::trace(c, *t, proc::Access::Ids::real);
  if (!traced.ok()) return Errc::not_permitted;
  const Opt<Memory> m = traced.value().memory();
  if (!m) return Errc::no_process;
  return transfer(c, *m, std::move(local), std::move(remote), d);
}

}  // namespace

SysResult sys_process_vm_readv(Caller& c, Pid pid, UserPtr<UserIovec> local, u64 local_count, UserPtr<UserIovec> remote, u64 remote_count, u64 flags) {
  return process_vm(c, pid, local, local_count, remote, remote_count, flags, Direction::from_remote);
}
SysResult sys_process_vm_writev(Caller& c, Pid pid, UserPtr<UserIovec> local, u64 local_count, UserPtr<UserIovec> remote, u64 remote_count, u64 flags) {
  return process_vm(c, pid, local, local_count, remote, remote_count, flags, Direction::to_remote);
}

}  // namespace svc::sys
