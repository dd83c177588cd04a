// SPDX-License-Identifier: MPL-2.0
// Resource limits, prctl, arch_prctl, personality. [getrlimit(2), prctl(2), arch_prctl(2), personality(2)]
#include <services/process/access.h>
#include <services/syscall/sys_system.h>

namespace svc::sys {
namespace {

using proc::Resource;
constexpr u64 kMostFiles = 1 << 20;  // fs.nr_open

Result<Resource> resource_arg(u32 r) {
  if (r >= static_cast<u32>(Resource::count_)) return Errc::invalid_argument;
  return static_cast<Resource>(r);
}

Status change(Caller& c, CapRef<proc::Process, proc::process::limit> p, Resource r, const UserRlimit& l) {
  if (l.soft > l.hard) return Errc::invalid_argument;
  if (r == Resource::nofile && l.hard > kMostFiles) return Errc::not_permitted;
  if (l.hard > p->limit(r).hard && !c.capable(Capability::sys_resource)) return Errc::not_permitted;
  p.change_limit(r, {l.soft, l.hard});
  return Ok();
}

bool canonical_user(u64 at) { return at < 0x7fff'ffff'f000; }

}  // namespace

SysResult sys_getrlimit(Caller& c, u32 resource, UserPtr<UserRlimit> out) {
  const proc::ResourceLimit l = c.process()->limit(TRY(resource_arg(resource)));
  TRY(user::write(c.address_space(), out.at, UserRlimit{l.soft, l.hard}));
  return 0;
}
SysResult sys_setrlimit(Caller& c, u32 resource, UserPtr<UserRlimit> in) {
  const UserRlimit l = TRY(user::read<UserRlimit>(c.address_space(), in.at));
  TRY(change(c, c.self(), TRY(resource_arg(resource)), l));
  return 0;
}
SysResult sys_prlimit64(Caller& c, Pid pid, u32 resource, UserPtr<UserRlimit> in, UserPtr<UserRlimit> out) {
  const Resource r = TRY(resource_arg(resource));
  UserRlimit l{};
  if (!in.null()) l = TRY(user::read<UserRlimit>(c.address_space(), in.at));
  Ref<proc::Thread> t = c.thread();
  if (pid.value != 0) {
    const Opt<Ref<proc::Thread>> found = c.system().tree().thread(pid);
    if (!found) return Errc::no_process;
    t = *found;
  }
  const Cap<proc::Process, proc::process::limit> p = TRY(proc::Access::limit(c, *t));
  const proc::ResourceLimit old = p->limit(r);
  if (!in.null()) TRY(change(c, p, r, l));
  if (!out.null()) TRY(user::write(c.address_space(), out.at, UserRlimit{old.soft, old.hard}));
  return 0;
}

SysResult sys_prctl(Caller& c, u32 option, u64 a, u64 b, u64 d, u64 e) {
  constexpr u32 kSetDeathSig = 1, kGetDeathSig = 2, kGetDumpable = 3, kSetDumpable = 4, kGetKeepCaps = 7, kSetKeepCaps = 8, kSetName = 15,
                kGetName = 16, kGetSeccomp = 21, kCapBsetRead = 23, kCapBsetDrop = 24, kGetTsc = 25, kSetTsc = 26, kGetSecurebits = 27, kSetTimerSlack = 29, kGetTimerSlack = 30,
                kSetSubreaper = 36, kGetSubreaper = 37, kSetNoNewPrivs = 38, kGetNoNewPrivs = 39, kGetSpeculation = 52, kSetSpeculation = 53;
  constexpr u32 kKeepCaps = 16;
  const CapRef<proc::Thread, proc::thread::self> t = c.me();
  const CapRef<proc::Process, proc::process::self> p = c.self();
  const bool others_zero = b == 0 && d == 0 && e == 0;
  CredentialValues v = c.credentials().values();
  switch (option) {
    case kSetDeathSig:
      if (a > 64) return Errc::invalid_argument;
      t.words().parent_death_signal.store(static_cast<u32>(a));
      if (a != 0) p.words().wants_parent_death.store(1);
      return 0;
    case kGetDeathSig:
      TRY(user::write(c.address_space(), VirtAddr(a), t.words().parent_death_signal.load()));
      return 0;
    case kGetDumpable: return static_cast<i64>(p.words().dumpable.load());
    case kSetDumpable:
      if (a > 1) return Errc::invalid_argument;
      p.words().dumpable.store(static_cast<u32>(a));
      return 0;
    case kGetKeepCaps: return (v.securebits & kKeepCaps) != 0 ? 1 : 0;
    case kSetKeepCaps:
      if (a > 1) return Errc::invalid_argument;
      v.securebits = a != 0 ? v.securebits | kKeepCaps : v.securebits & ~kKeepCaps;
      c.use_credentials(make_ref<Credentials>(std::move(v)));
      return 0;
    case kSetName: {
      // At most 15 bytes count; the string may end right before an unmapped page.
      String name{};
      for (u64 i = 0; i < 15; ++i) {
        const u8 ch = TRY(user::read<u8>(c.address_space(), VirtAddr(a + i)));
        if (ch == 0) break;
        name.append(static_cast<char>(ch));
      }
      t.set_name(name.view());
      return 0;
    }
    case kGetName: {
      Array<u8, 16> raw{};
      const String name = t->name();
      for (usize i = 0; i < name.size() && i < 15; ++i) raw[i] = static_cast<u8>(name[i]);
      TRY(user::write(c.address_space(), VirtAddr(a), raw));
      return 0;
    }
    case kCapBsetRead:
      if (a > 40) return Errc::invalid_argument;
      return (v.bounding >> a & 1) != 0 ? 1 : 0;
    case kCapBsetDrop:
      if (!c.capable(Capability::setpcap)) return Errc::not_permitted;
      if (a > 40) return Errc::invalid_argument;
      v.bounding &= ~(1ULL << a);
      c.use_credentials(make_ref<Credentials>(std::move(v)));
      return 0;
    case kGetSeccomp: return 0;
    case kGetTsc:
      TRY(user::write(c.address_space(), VirtAddr(a), u32{1}));  // PR_TSC_ENABLE
      return 0;
    case kSetTsc:
      if (a != 1) return Errc::invalid_argument;  // PR_TSC_SIGSEGV is not offered
      return 0;
    case kGetSecurebits: return static_cast<i64>(v.securebits);
    case kSetTimerSlack:
      t.words().timer_slack_ns.store(a == 0 ? t.words().default_timer_slack_ns.load() : a);
      return 0;
    case kGetTimerSlack: return static_cast<i64>(t.words().timer_slack_ns.load());
    case kSetSubreaper:
      p.words().child_subreaper.store(a != 0 ? 1 : 0);
      return 0;
    case kGetSubreaper:
      TRY(user::write(c.address_space(), VirtAddr(a), p.words().child_subreaper.load()));
      return 0;
    case kSetNoNewPrivs:
      if (a != 1 || !others_zero) return Errc::invalid_argument;
      v.no_new_privs = true;
      c.use_credentials(make_ref<Credentials>(std::move(v)));
      return 0;
    case kGetNoNewPrivs:
      if (a != 0 || !others_zero) return Errc::invalid_argument;
      return v.no_new_privs ? 1 : 0;
    case kGetSpeculation: return others_zero ? get_speculation(c, a) : SysResult(Errc::invalid_argument);
    case kSetSpeculation: return d == 0 && e == 0 ? set_speculation(c, a, b) : SysResult(Errc::invalid_argument);
    default: return c.system().parts().testing ? test_call(c, option, a) : SysResult(Errc::invalid_argument);
  }
}

SysResult sys_arch_prctl(Caller& c, u32 code, VirtAddr at) {
  constexpr u32 kSetGs = 0x1001, kSetFs = 0x1002, kGetFs = 0x1003, kGetGs = 0x1004;
  switch (code) {
    case kSetGs:
    case kSetFs:
      if (!canonical_user(at.value)) return Errc::not_permitted;
      if (code == kSetFs) c.regs().fs_base = at.value;
      else c.regs().gs_base = at.value;
      return 0;
    case kGetFs:
      TRY(user::write(c.address_space(), at, c.regs().fs_base));
      return 0;
    case kGetGs:
      TRY(user::write(c.address_space(), at, c.regs().gs_base));
      return 0;
    default: return Errc::invalid_argument;
  }
}

SysResult sys_personality(Caller& c, u32 persona) {
  const u32 old = c.me().words().personality.load();
  if (persona != ~0U) c.me().words().personality.store(persona);
  return static_cast<i64>(old);
}

}  // namespace svc::sys
