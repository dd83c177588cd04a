// SPDX-License-Identifier: MPL-2.0
// uname, sysinfo, getrandom, reboot, syslog. [uname(2), sysinfo(2), getrandom(2), reboot(2), syslog(2)]
#include <ostd/log.h>
#include <ostd/random.h>
#include <ostd/time.h>
#include <services/syscall/sys_system.h>

namespace svc::sys {
namespace {

constexpr usize kUtsField = 65;

void put(UserUtsname& u, usize index, std::string_view text) {
  const usize n = text.size() < kUtsField - 1 ? text.size() : kUtsField - 1;
  for (usize i = 0; i < n; ++i) u.text[index * kUtsField + i] = static_cast<u8>(text[i]);
}

Result<String> read_name(Caller& c, UserBuffer name, i32 size) {
  if (!c.capable(Capability::sys_admin)) return Errc::not_permitted;
  if (size < 0 || size > static_cast<i32>(kUtsField - 1)) return Errc::invalid_argument;
  Vec<u8> raw = Vec<u8>::filled(static_cast<usize>(size), 0);
  TRY(user::read_bytes(c.address_space(), name.at, raw.items()));
  return String(raw.items());
}

}  // namespace

SysResult sys_uname(Caller& c, UserPtr<UserUtsname> out) {
  const proc::UtsName n = c.system().uts().with([](proc::UtsName& u) { return u; });
  UserUtsname u{};
  put(u, 0, n.sysname.view());
  put(u, 1, n.nodename.view());
  put(u, 2, n.release.view());
  put(u, 3, n.version.view());
  put(u, 4, n.machine.view());
  put(u, 5, n.domain.view());
  TRY(user::write(c.address_space(), out.at, u));
  return 0;
}

SysResult sys_sethostname(Caller& c, UserBuffer name, i32 size) {
  String s = TRY(read_name(c, name, size));
  c.system().uts().with([&](proc::UtsName& u) { std::swap(u.nodename, s); });
  return 0;
}
SysResult sys_setdomainname(Caller& c, UserBuffer name, i32 size) {
  String s = TRY(read_name(c, name, size));
  c.system().uts().with([&](proc::UtsName& u) { std::swap(u.domain, s); });
  return 0;
}

SysResult sys_sysinfo(Caller& c, UserPtr<UserSysinfo> out) {
  const mem::MemoryStats m = mem::stats();
  UserSysinfo s{};
  s.w[0] = time::now().ns / 1'000'000'000;
  const Array<u64, 3> load = c.system().load();
  for (usize i = 0; i < load.size(); ++i) s.w[1 + i] = load[i] * (65536 / proc::System::kLoadOne);
  s.w[4] = m.total_pages << kPageShift;
  s.w[5] = m.free_pages << kPageShift;
  s.w[6] = c.system().file_pages() << kPageShift;
  s.w[10] = c.system().tree().thread_count() & 0xffff;
  s.w[13] = 1;  // mem_unit
  TRY(user::write(c.address_space(), out.at, s));
  return 0;
}

SysResult sys_getrandom(Caller& c, UserBuffer to, u64 size, u32 flags) {
  constexpr u32 kNonblock = 1, kRandom = 2, kInsecure = 4;
  if ((flags & ~(kNonblock | kRandom | kInsecure)) != 0 || (flags & (kRandom | kInsecure)) == (kRandom | kInsecure)) return Errc::invalid_argument;
  if (size > kUserEnd.value || to.at.value > kUserEnd.value - size) return Errc::fault;
  Writer w = Writer::user(c.address_space(), to.at, size < INT32_MAX ? size : INT32_MAX);
  Array<u8, 256> chunk{};
  usize done = 0;
  while (w.remaining() != 0) {
    const std::span<u8> piece = chunk.items().subspan(0, w.remaining() < chunk.size() ? w.remaining() : chunk.size());
    random::fill(piece);
    const Result<usize> n = w.write(piece);
    if (!n.ok() && done == 0) return Err(n.error());
    if (!n.ok()) break;
    done += n.value();
    if (n.value() < piece.size() || c.signal_pending()) break;
    ostd::task::preempt_point();
  }
  return static_cast<i64>(done);
}

SysResult sys_reboot(Caller& c, u32 magic1, u32 magic2, u32 command, VirtAddr argument) {
  constexpr u32 kMagic1 = 0xfee1dead, kRestart = 0x01234567, kHalt = 0xcdef0123, kPowerOff = 0x4321fedc, kRestart2 = 0xa1b2c3d4, kCadOn = 0x89abcdef;
  const CapRef<Power, power::off | power::reboot | power::halt> power = TRY(c.power());
  if (magic1 != kMagic1 || (magic2 != 672274793 && magic2 != 85072278 && magic2 != 369367448 && magic2 != 537993216)) return Errc::invalid_argument;
  switch (command) {
    case kRestart2: {
      // A command for the firmware, which nobody is told. What is longer is cut.
      const Result<String> text = user::read_string(c.address_space(), argument, 255);
      if (!text.ok() && text.error() == Errc::fault) return Errc::fault;
      power.reboot();
    }
    case kRestart: power.reboot();
    case kHalt: power.halt();
    case kPowerOff: power.off(0);
    case kCadOn:
    case 0: return 0;  // Ctrl-Alt-Del is never seen by this machine: enabling and disabling it makes no difference
    default: return Errc::invalid_argument;
  }
}

// Everything is in memory: there is nothing to write back.
SysResult sys_syncfs(Caller& c, Fd fd) {
  TRY(c.files()->get<fs::file::control>(fd));
  return 0;
}

SysResult sys_syslog(Caller& c, u32 type, UserBuffer to, i32 size) {
  constexpr u32 kRead = 2, kReadAll = 3, kLevel = 8, kSizeUnread = 9, kSizeBuffer = 10;
  if (!c.capable(Capability::syslog) && !c.capable(Capability::sys_admin) && type != kReadAll && type != kSizeBuffer) return Errc::not_permitted;
  switch (type) {
    case 0:
    case 1: return 0;
    case kReadAll: {
      if (to.at.value == 0 || size < 0) return Errc::invalid_argument;
      Array<char, 512> chunk{};
      usize at = 0;
      while (at < static_cast<usize>(size)) {
        const usize want = static_cast<usize>(size) - at < chunk.size() ? static_cast<usize>(size) - at : chunk.size();
        const usize n = log::read_ring(at, chunk.items().subspan(0, want));
        if (n == 0) break;
        Vec<u8> bytes{};
        for (usize i = 0; i < n; ++i) bytes.push_back(static_cast<u8>(chunk[i]));
        TRY(user::write_bytes(c.address_space(), VirtAddr(to.at.value + at), bytes.items()));
        at += n;
      }
      return static_cast<i64>(at);
    }
    case kSizeUnread: return 0;
    case kSizeBuffer: return 65536;
    case kRead:  // waiting for new messages is not offered
      return to.at.value == 0 || size != 0 ? SysResult(Errc::invalid_argument) : SysResult(0);
    case 6:
    case 7: return 0;
    case kLevel: return size < 1 || size > 8 ? SysResult(Errc::invalid_argument) : SysResult(0);
    default: return Errc::invalid_argument;
  }
}

}  // namespace svc::sys
