// SPDX-License-Identifier: MPL-2.0
// kcmp: whether two threads share a thing, and an order of things that do not say where they lie. [kcmp(2)]
#include <base/hash.h>
#include <services/fs/epoll.h>
#include <services/process/access.h>
#include <services/process/groups.h>
#include <services/syscall/sys_kcmp.h>

namespace svc::sys {
namespace {

using Shown = Cap<proc::Thread, proc::thread::trace>;

namespace kc {
constexpr u32 file = 0, vm = 1, files = 2, fs = 3, handlers = 4, io = 5, undo = 6, epoll = 7;
}
struct Slot { u32 epoll = 0, target = 0, offset = 0; };  // struct kcmp_epoll_slot

u64 hidden(u64 id) {
  Hasher h(hash_seed());
  h.add(id);
  return h.finish();
}

SysResult order(u64 a, u64 b) {
  if (a == b) return 0;
  return hidden(a) < hidden(b) ? 1 : 2;
}

template <class T>
u64 id_of(const Opt<T>& o) { return o ? object_id(**o) : 0; }

// Errors: no_process, not_permitted.
Result<Ref<proc::Thread>> find(Caller& c, Pid pid) {
  if (pid.value <= 0) return Errc::no_process;
  const Opt<Ref<proc::Thread>> t = c.system().tree().thread(pid);
  if (!t) return Errc::no_process;
  return *t;
}
Result<Shown> show(Caller& c, const Ref<proc::Thread>& t) {
  Result<Shown> s = proc::Access::trace(c, t, proc::Access::Ids::real);
  if (!s.ok()) return Errc::not_permitted;
  return s;
}

// Errors: bad_descriptor.
Result<Ref<fs::File>> file_of(const Shown& t, u64 index) {
  const Opt<Ref<fs::FdTable>> files = t.files();
  if (!files) return Errc::bad_descriptor;
  return (*files)->get(fs::Fd{static_cast<i32>(static_cast<u32>(index & 0xffff'ffff))});
}

// Errors: fault, bad_descriptor, invalid_argument (no epoll), not_found.
Result<Ref<fs::File>> target_of(Caller& c, const Shown& t, u64 at) {
  const Slot s = TRY(user::read<Slot>(c.address_space(), VirtAddr(at)));
  const Ref<fs::File> f = TRY(file_of(t, s.epoll));
  const Opt<Ref<fs::Epoll>> e = f.as<fs::Epoll>();
  if (!e) return Errc::invalid_argument;
  return (*e)->target(fs::Fd{static_cast<i32>(s.target)}, s.offset);
}

u64 io_of(const Shown& t) { return t->io_priority() ? object_id(*t) : 0; }

}  // namespace

// Errors: ESRCH, EPERM, EINVAL, EBADF, EFAULT, ENOENT.
SysResult sys_kcmp(Caller& c, Pid first, Pid second, u32 type, u64 first_index, u64 second_index) {
  const Ref<proc::Thread> one = TRY(find(c, first)), two = TRY(find(c, second));
  const Shown a = TRY(show(c, one)), b = TRY(show(c, two));
  switch (type) {
    case kc::file: {
      const Ref<fs::File> x = TRY(file_of(a, first_index)), y = TRY(file_of(b, second_index));
      return order(object_id(*x), object_id(*y));
    }
    case kc::vm: return order(id_of(a->vm()), id_of(b->vm()));
    case kc::files: return order(id_of(a.files()), id_of(b.files()));
    case kc::fs: return order(id_of(a.fs()), id_of(b.fs()));
    case kc::handlers: return order(a.actions_id(), b.actions_id());
    case kc::io: return order(io_of(a), io_of(b));
    case kc::undo: return order(a.undo_id(), b.undo_id());
    case kc::epoll: {
      // The address is looked at before either file.
      TRY(user::read<Slot>(c.address_space(), VirtAddr(second_index)));
      const Ref<fs::File> x = TRY(file_of(a, first_index)), y = TRY(target_of(c, b, second_index));
      return order(object_id(*x), object_id(*y));
    }
    default: return Errc::invalid_argument;
  }
}

}  // namespace svc::sys
