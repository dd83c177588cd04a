// SPDX-License-Identifier: MPL-2.0
// The smallest OS on the ostd interface that runs the guest programs of this folder: one static program given as the initramfs,
// anonymous memory with copy-on-write, fork, threads, futexes, exit and wait. It tests and measures a target's user mode without
// the services. Everything else is ENOSYS. The program's exit status becomes the machine's.
#include <base/format.h>
#include <base/map.h>
#include <base/vec.h>
#include <cstring>
#include <elf.h>
#include <ostd/address_space.h>
#include <ostd/machine.h>
#include <ostd/sync.h>
#include <ostd/task.h>
#include <ostd/time.h>
#include <ostd/user.h>
#include <ostd/user_io.h>
#include <ostd/wait.h>

namespace {
using namespace ostd;

constexpr i64 kEnosys = -38, kEfault = -14, kEnomem = -12, kEinval = -22, kEagain = -11, kEchild = -10, kEtimedout = -110;
constexpr u64 kAround = 16 * kPageSize;

struct Area { u64 end = 0; Prot prot{}; };

// One process's memory: the areas say what may be, the page table what is.
class Memory final : public FaultHandler {
 public:
  explicit Memory(Ref<AddressSpace> as) : as_(std::move(as)) {}
  const Ref<AddressSpace>& space() const { return as_; }

  Status handle_fault(VirtAddr at, Access access) const override {
    if (at >= kUserEnd) return Err(Errc::fault);
    TRY(mem::reserve(40));
    return areas_.with([&](Map<u64, Area>& areas) -> Status {
      u64 begin = 0;
      Area area{};
      if (!find(areas, at.value, begin, area) || !area.prot.allows(access)) return Err(Errc::fault);
      u64 lo = at.value & ~(kAround - 1), hi = lo + kAround;
      lo = lo < begin ? begin : lo;
      hi = hi > area.end ? area.end : hi;
      Cursor c(*as_, {VirtAddr{lo}, VirtAddr{hi}});
      for (u64 p = lo; p < hi; p += kPageSize) {
        Opt<Mapping> m = c.query(VirtAddr{p});
        if (!m) {
          c.map(VirtAddr{p}, UFrame::alloc(), area.prot);
        } else if (p == at.page_down().value && access == Access::write && !m->prot.write) {
          if (m->frame.share_count() > 2) {  // the mapping, our handle, others
            UFrame copy = UFrame::alloc(Zero::no);
            copy.copy_from(m->frame);
            c.map(VirtAddr{p}, std::move(copy), area.prot);
          } else {
            c.protect({VirtAddr{p}, VirtAddr{p + kPageSize}}, area.prot);
          }
        }
      }
      return {};
    });
  }

  void map(u64 begin, u64 size, Prot prot) const {
    unmap(begin, size);
    as_->note_area({VirtAddr{begin}, VirtAddr{begin + size}});
    areas_.with([&](Map<u64, Area>& a) { a.insert(begin, Area{begin + size, prot}); });
  }
  void unmap(u64 begin, u64 size) const {
    areas_.with([&](Map<u64, Area>& a) {
      each_part(a, begin, begin + size, [&](u64 b, Area&) { gone_.push_back(b); });
      for (u64 b : gone_) a.remove(b);
      gone_.clear();
      Cursor c(*as_, {VirtAddr{begin}, VirtAddr{begin + size}});
      c.unmap({VirtAddr{begin}, VirtAddr{begin + size}});
    });
  }
  void protect(u64 begin, u64 size, Prot prot) const {
    areas_.with([&](Map<u64, Area>& a) {
      each_part(a, begin, begin + size, [&](u64, Area& x) { x.prot = prot; });
      Cursor c(*as_, {VirtAddr{begin}, VirtAddr{begin + size}});
      // Pages that are shared with a child stay read-only: the next write fault decides.
      c.protect({VirtAddr{begin}, VirtAddr{begin + size}}, {prot.read, false, prot.exec});
    });
  }
  void clone_into(const Memory& child) const {
    Map<u64, Area> copy;
    areas_.with([&](Map<u64, Area>& a) {
      a.each([&](u64 k, const Area& v) { copy.insert(k, v); });
      Cursor from(*as_, {kUserBegin, kUserEnd});
      Cursor to(*child.as_, {kUserBegin, kUserEnd});
      from.clone_into(to, {kUserBegin, kUserEnd}, Cursor::Clone::copy_on_write);
    });
    child.areas_.with([&](Map<u64, Area>& b) { b = std::move(copy); });
    child.next_.store(next_.load());
    child.brk.store(brk.load());
    child.brk_start.store(brk_start.load());
  }
  u64 take_range(u64 size) const { return next_.fetch_sub(size) - size; }
  Atomic<u64> brk{0}, brk_start{0};

 private:
  static bool find(Map<u64, Area>& areas, u64 at, u64& begin, Area& area) {
    const Opt<u64> k = areas.floor(at);
    if (!k) return false;
    begin = *k;
    area = *areas.get(begin);
    return at < area.end;
  }
  static void split(Map<u64, Area>& a, u64 at) {
    u64 begin = 0;
    Area x{};
    if (!find(a, at, begin, x) || begin == at) return;
    a.update(begin, [&](Area& y) { y.end = at; });
    a.insert(at, x);
  }
  template <class F> static void each_part(Map<u64, Area>& a, u64 begin, u64 end, F f) {
    split(a, begin);
    split(a, end);
    for (Opt<u64> k = a.lower_bound(begin); k && *k < end; k = a.upper_bound(*k)) a.update(*k, [&](Area& x) { f(*k, x); });
  }
  Ref<AddressSpace> as_;
  MutexLocked<Map<u64, Area>, Rank{50}> areas_;
  mutable Vec<u64> gone_;
  Atomic<u64> next_{0x7000'0000'0000};
};

struct Process;
struct Machine {
  Cap<Console, console::write> console;
  Cap<Power, power::off> power;
  Ref<Account> account;
};
Machine* g_machine = nullptr;
Atomic<u32> g_next_pid{1};

struct Child { u32 pid = 0; bool ended = false; i32 status = 0; };
struct Process final : public RefCounted {
  explicit Process(Ref<Memory> m) : memory(std::move(m)) {}
  Ref<Memory> memory;
  u32 pid = 0;
  u32 parent = 0;
  Atomic<u32> threads{1};
  Atomic<u32> killed{0};
  Atomic<i32> status{0};
  Opt<Ref<Process>> father;
  MutexLocked<Vec<Child>, Rank{40}> children;
  WaitQueue child_ended;
  struct Sleeper { u64 word; u64 id; bool woken; };
  MutexLocked<Vec<Sleeper>, Rank{41}> sleepers;
  WaitQueue futexes;
};

void write_console(std::string_view t) {
  g_machine->console.write({reinterpret_cast<const u8*>(t.data()), t.size()});
}
template <class... A> void say(FormatFor<A...> f, const A&... a) {
  FixedText<200> t;
  format_to(t, f, a...);
  write_console(t.view());
}

u64 up(u64 v) { return page_up(v); }
Prot prot_of(u64 p) { return {(p & 1) != 0, (p & 2) != 0, (p & 4) != 0}; }

class Thread {
 public:
  Thread(Ref<Process> p, UserContext c, u32 tid) : p_(std::move(p)), ctx_(std::move(c)), tid_(tid) {}
  u64 clear_tid = 0;

  void run() {
    while (!done_ && p_->killed.load() == 0) {
      const UserEvent e = user::run(ctx_, *p_->memory->space());
      if (e == UserEvent::syscall) {
        (void)mem::reserve(64);
        syscall();
      } else if (e == UserEvent::exception) {
        fault();
      } else if (e == UserEvent::lost) {
        end_process(9);
      } else {
        task::current()->clear_disturb();
      }
    }
    if (clear_tid != 0) {
      (void)user::write<u32>(space(), VirtAddr{clear_tid}, 0);
      futex_wake(clear_tid, ~0U);
    }
    if (p_->threads.fetch_sub(1) == 1) finish();
  }

 private:
  const AddressSpace& space() const { return *p_->memory->space(); }
  void end_process(i32 status) {
    if (p_->killed.exchange(1) == 0) p_->status.store(status);
    p_->futexes.wake_all();
    p_->child_ended.wake_all();
    done_ = true;
  }
  void finish() {
    if (p_->pid == 1) {
      const i32 s = p_->status.load();
      g_machine->power.off(static_cast<u8>(s & 127 ? 128 + (s & 127) : s >> 8));
    }
    if (!p_->father) return;
    Process const& f = **p_->father;
    f.children.with([&](Vec<Child>& c) {
      for (Child& x : c)
        if (x.pid == p_->pid) x.ended = true, x.status = p_->status.load();
    });
    f.child_ended.wake_all();
  }
  void fault() {
    const Fault f = ctx_.fault();
    if (f.vector == Exception::page_fault && p_->memory->handle_fault(f.address, f.access()).ok()) return;
    const i32 sig = f.vector == Exception::page_fault || f.vector == Exception::general_protection ? 11
                    : f.vector == Exception::invalid_opcode                                         ? 4
                    : f.vector == Exception::divide || f.vector == Exception::simd || f.vector == Exception::x87 ? 8 : 5;
    if (p_->pid == 1)
      say("mini-os: pid 1: vector {} error {:#x} address {:#x} rip {:#x} rsp {:#x}\n", static_cast<u32>(f.vector), f.error_code,
          f.address.value, ctx_.regs().rip, ctx_.regs().rsp);
    end_process(sig);
  }

  i64 write_out(u64 at, u64 n) {
    u8 buf[256];
    for (u64 k = 0; k < n;) {
      const u64 m = n - k < sizeof buf ? n - k : sizeof buf;
      if (!user::read_bytes(space(), VirtAddr{at + k}, {buf, m}).ok()) return kEfault;
      g_machine->console.write({buf, m});
      k += m;
    }
    return static_cast<i64>(n);
  }
  void futex_wake(u64 word, u32 n) {
    p_->sleepers.with([&](Vec<Process::Sleeper>& s) {
      for (auto& x : s)
        if (n > 0 && x.word == word && !x.woken) x.woken = true, n--;
    });
    p_->futexes.wake_all();
  }
  i64 futex_wait(u64 word, u32 value, u64 timeout) {
    const u64 id = task::current_id();
    bool again = false;
    p_->sleepers.with([&](Vec<Process::Sleeper>& s) {
      const Result<u32> v = user::load_u32(space(), VirtAddr{word});
      if (!v.ok() || v.value() != value) again = true;
      else s.push_back({word, id, false});
    });
    if (again) return kEagain;
    Opt<Instant> until;
    if (timeout != 0) {
      const auto sec = user::read<u64>(space(), VirtAddr{timeout});
      const auto ns = user::read<u64>(space(), VirtAddr{timeout + 8});
      if (sec.ok() && ns.ok()) until = time::now() + Duration::nanos(static_cast<i64>(sec.value() * 1'000'000'000 + ns.value()));
    }
    auto woken = [&] {
      bool w = p_->killed.load() != 0;
      p_->sleepers.with([&](Vec<Process::Sleeper>& s) { for (auto& x : s) if (x.id == id) w |= x.woken; });
      return w;
    };
    const Status st = p_->futexes.wait_until(Wait::interruptible, woken, std::move(until));
    p_->sleepers.with([&](Vec<Process::Sleeper>& s) {
      for (usize i = 0; i < s.size(); i++) if (s[i].id == id) { s.remove(i); break; }
    });
    return st.ok() ? 0 : kEtimedout;
  }
  i64 clone(u64 flags, u64 stack, u64 ptid, u64 ctid, u64 tls) {
    const bool thread = (flags & 0x10100) == 0x10100;
    UserContext child;
    child.copy_from(ctx_);
    child.regs().rax = 0;
    if (stack != 0) child.regs().rsp = stack;
    if (flags & 0x80000) child.regs().fs_base = tls;
    const u32 id = g_next_pid.fetch_add(1);
    Ref<Process> target = p_;
    if (thread) {
      p_->threads.fetch_add(1);
    } else {
      Result<Ref<AddressSpace>> as = AddressSpace::create();
      if (!as.ok()) return kEnomem;
      Ref<Memory> m = make_ref<Memory>(as.value());
      as.value()->set_fault_handler(Weak<FaultHandler>(Ref<FaultHandler>(m)));
      if (!mem::reserve(600).ok()) return kEnomem;
      p_->memory->clone_into(*m);
      Process* np = nullptr;
      target = make_ref<Process>(m);
      np = const_cast<Process*>(&*target);
      np->pid = id;
      np->parent = p_->pid;
      np->father = Opt<Ref<Process>>(p_);
      p_->children.with([&](Vec<Child>& c) { c.push_back({id, false, 0}); });
    }
    if (flags & 0x100000) (void)user::write<u32>(space(), VirtAddr{ptid}, id);
    if (flags & 0x1000000) (void)user::write<u32>(*target->memory->space(), VirtAddr{ctid}, id);
    auto* t = new Thread(target, std::move(child), id);
    if (flags & 0x200000) t->clear_tid = ctid;
    const auto r = Task::spawn({.name = "guest"}, g_machine->account, [t] { t->run(); delete t; });
    return r.ok() ? id : kEnomem;
  }
  i64 wait4(u64 status_at) {
    Child got{};
    bool any = true;
    auto look = [&] {
      return p_->children.with([&](Vec<Child>& c) {
        any = !c.empty();
        for (usize i = 0; i < c.size(); i++)
          if (c[i].ended) {
            got = c[i];
            c.remove(i);
            return true;
          }
        return !any || p_->killed.load() != 0;
      });
    };
    if (!p_->child_ended.wait_until(Wait::interruptible, look).ok() || got.pid == 0) return kEchild;
    if (status_at != 0 && !user::write<u32>(space(), VirtAddr{status_at}, static_cast<u32>(got.status)).ok()) return kEfault;
    return got.pid;
  }

  void syscall() {
    UserRegs& r = ctx_.regs();
    const u64 nr = r.rax, a = r.rdi, b = r.rsi, c = r.rdx, d = r.r10, e = r.r8;
    const Memory& m = *p_->memory;
    i64 v = kEnosys;
    switch (nr) {
      case 1: v = write_out(b, c); break;
      case 20: {
        v = 0;
        for (u64 i = 0; i < c; i++) {
          const auto p = user::read<u64>(space(), VirtAddr{b + i * 16});
          const auto n = user::read<u64>(space(), VirtAddr{b + i * 16 + 8});
          if (!p.ok() || !n.ok()) { v = kEfault; break; }
          v += write_out(p.value(), n.value());
        }
        break;
      }
      case 9: {
        const u64 len = up(b), at = d & 0x10 ? a : m.take_range(len);
        if (len == 0 || at + len > kUserEnd.value || at < kUserBegin.value) { v = kEinval; break; }
        m.map(at, len, prot_of(c));
        v = static_cast<i64>(at);
        break;
      }
      case 10: m.protect(a, up(b), prot_of(c)); v = 0; break;
      case 11: m.unmap(a, up(b)); v = 0; break;
      case 12: {
        const u64 now = m.brk.load();
        if (a >= m.brk_start.load()) {
          if (up(a) > up(now)) m.map(up(now), up(a) - up(now), {true, true, false});
          else if (up(a) < up(now)) m.unmap(up(a), up(now) - up(a));
          m.brk.store(a);
        }
        v = static_cast<i64>(m.brk.load());
        break;
      }
      case 13: case 14: case 28: case 35: case 131: v = 0; break;
      case 16: v = -25; break;
      case 24: task::yield(); v = 0; break;
      case 39: v = p_->pid; break;
      case 110: v = p_->parent; break;
      case 158: v = kEinval; if (a == 0x1002) { r.fs_base = b; v = 0; } else if (a == 0x1001) { r.gs_base = b; v = 0; } break;
      case 186: v = tid_; break;
      case 218: clear_tid = a; v = tid_; break;
      case 228: {
        const u64 ns = time::now().ns;
        v = user::write<u64>(space(), VirtAddr{b}, ns / 1'000'000'000).ok() && user::write<u64>(space(), VirtAddr{b + 8}, ns % 1'000'000'000).ok() ? 0 : kEfault;
        break;
      }
      case 202: v = (b & 127) == 1 ? (futex_wake(a, static_cast<u32>(c)), 1) : (b & 127) == 0 ? futex_wait(a, static_cast<u32>(c), d) : kEnosys; break;
      case 56: v = clone(a, b, c, d, e); break;
      case 57: case 58: v = clone(17, 0, 0, 0, 0); break;
      case 61: v = wait4(b); break;
      case 60: done_ = true; if (p_->threads.load() == 1) p_->status.store(static_cast<i32>((a & 255) << 8)); return;
      case 231: end_process(static_cast<i32>((a & 255) << 8)); return;
      default: break;
    }
    r.rax = static_cast<u64>(v);
  }

  Ref<Process> p_;
  UserContext ctx_;
  u32 tid_;
  bool done_ = false;
};

template <class T> T take(const BootBlob& b, u64 at) {
  T v{};
  u8 bytes[sizeof(T)] = {};
  OSTD_CHECK(b.read(at, bytes) == sizeof(T) && "the program is complete");
  memcpy(&v, bytes, sizeof v);
  return v;
}
}  // namespace

void ostd::machine_main(Boot boot) {
  g_machine = new Machine{Cap<Console, console::write>::mint(RootKey(), boot.console), Cap<Power, power::off>::mint(RootKey(), boot.power), boot.root_account};
  OSTD_CHECK(boot.initramfs.has_value() && "a program is given");
  OSTD_CHECK(mem::reserve(800).ok());
  const BootBlob& file = **boot.initramfs;
  Ref<AddressSpace> as = AddressSpace::create().value();
  Ref<Memory> m = make_ref<Memory>(as);
  as->set_fault_handler(Weak<FaultHandler>(Ref<FaultHandler>(m)));
  const auto eh = take<Elf64_Ehdr>(file, 0);
  const u64 base = eh.e_type == ET_DYN ? 0x4000'0000 : 0;
  u64 end = 0, headers = 0;
  for (u32 i = 0; i < eh.e_phnum; i++) {
    const auto ph = take<Elf64_Phdr>(file, eh.e_phoff + i * sizeof(Elf64_Phdr));
    if (ph.p_type != PT_LOAD) continue;
    const u64 lo = page_down(base + ph.p_vaddr), hi = up(base + ph.p_vaddr + ph.p_memsz);
    m->map(lo, hi - lo, {true, true, false});
    u8 buf[512];
    for (u64 k = 0; k < ph.p_filesz; k += sizeof buf) {
      const u64 n = ph.p_filesz - k < sizeof buf ? ph.p_filesz - k : sizeof buf;
      file.read(ph.p_offset + k, {buf, n});
      OSTD_CHECK(mem::reserve(40).ok());
      OSTD_CHECK(user::write_bytes(*as, VirtAddr{base + ph.p_vaddr + k}, {buf, n}).ok());
    }
    m->protect(lo, hi - lo, {(ph.p_flags & PF_R) != 0, (ph.p_flags & PF_W) != 0, (ph.p_flags & PF_X) != 0});
    if (ph.p_offset <= eh.e_phoff && eh.e_phoff < ph.p_offset + ph.p_filesz) headers = base + ph.p_vaddr + eh.e_phoff - ph.p_offset;
    if (hi > end) end = hi;
  }
  m->brk.store(end + 0x10000);
  m->brk_start.store(end + 0x10000);
  const u64 top = 0x7fff'0000'0000;
  m->map(top - 0x80'0000, 0x80'0000, {true, true, false});
  Vec<u64> stack;
  u64 sp = top - kPageSize;
  auto text = [&](std::string_view s) {
    sp -= s.size() + 1;
    OSTD_CHECK(user::write_bytes(*as, VirtAddr{sp}, {reinterpret_cast<const u8*>(s.data()), s.size()}).ok());
    return sp;
  };
  Vec<u64> argv;
  argv.push_back(text("guest"));
  const std::string_view words = boot.command_line.view();
  for (usize i = 0; i < words.size();) {
    usize j = words.find(' ', i);
    if (j == std::string_view::npos) j = words.size();
    if (j > i) argv.push_back(text(words.substr(i, j - i)));
    i = j + 1;
  }
  sp = (sp - 16) & ~15ULL;
  const u64 random = sp;
  stack.push_back(argv.size());
  for (u64 a : argv) stack.push_back(a);
  for (u64 v : {u64{0}, u64{0}, u64{AT_PHDR}, headers, u64{AT_PHENT}, u64{56}, u64{AT_PHNUM}, u64{eh.e_phnum}, u64{AT_PAGESZ}, kPageSize,
                u64{AT_ENTRY}, base + eh.e_entry, u64{AT_RANDOM}, random, u64{AT_SECURE}, u64{0}, u64{AT_NULL}, u64{0}})
    stack.push_back(v);
  sp = (sp - stack.size() * 8) & ~15ULL;
  for (usize i = 0; i < stack.size(); i++) OSTD_CHECK(user::write<u64>(*as, VirtAddr{sp + i * 8}, stack[i]).ok());
  UserContext ctx;
  ctx.regs().rip = base + eh.e_entry;
  ctx.regs().rsp = sp;
  Ref<Process> p = make_ref<Process>(m);
  const_cast<Process&>(*p).pid = g_next_pid.fetch_add(1);
  Thread t(p, std::move(ctx), 1);
  t.run();
}
