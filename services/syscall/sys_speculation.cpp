// SPDX-License-Identifier: MPL-2.0
// PR_GET_SPECULATION_CTRL and PR_SET_SPECULATION_CTRL: a thread forbids guesses of the processor to itself. [prctl(2)]
#include <ostd/cpu.h>
#include <services/process/trust.h>
#include <services/syscall/sys_system.h>

namespace svc::sys {
namespace {

constexpr u64 kStoreBypass = 0, kIndirectBranch = 1, kL1dFlush = 2;
constexpr u64 kEnable = 2, kDisable = 4, kForceDisable = 8, kDisableUntilExec = 16;
constexpr i64 kByPrctl = 1;

bool affected(std::string_view bug) { return cpu::bugs().view().find(bug) != std::string_view::npos; }

}  // namespace

SysResult get_speculation(Caller& c, u64 which) {
  const u32 s = c.me().words().speculation.load();
  const auto state = [](bool forced, bool until_exec, bool off) {
    return kByPrctl | static_cast<i64>(forced ? kForceDisable : until_exec ? kDisableUntilExec : off ? kDisable : kEnable);
  };
  switch (which) {
    case kStoreBypass:
      if (!affected(" spec_store_bypass")) return 0;
      if (!user::can_limit(user::Guess::store_bypass)) return static_cast<i64>(kEnable);
      return state((s & proc::kStoreBypassForced) != 0, (s & proc::kStoreBypassUntilExec) != 0, (s & proc::kStoreBypassOff) != 0);
    case kIndirectBranch:
      if (!affected(" spectre_v2")) return 0;
      if (!user::can_limit(user::Guess::shared_branches)) return static_cast<i64>(kEnable);
      return state((s & proc::kBranchesForced) != 0, false, (s & proc::kBranchesOff) != 0);
    case kL1dFlush: return static_cast<i64>(kForceDisable);  // Linux: unless it was booted with l1d_flush=on
    default: return Errc::no_device;
  }
}

SysResult set_speculation(Caller& c, u64 which, u64 value) {
  u32 s = c.me().words().speculation.load();
  const bool store = which == kStoreBypass;
  if (which == kL1dFlush) return Errc::not_permitted;
  if (!store && which != kIndirectBranch) return Errc::no_device;
  const user::Guess guess = store ? user::Guess::store_bypass : user::Guess::shared_branches;
  const u32 off = store ? proc::kStoreBypassOff : proc::kBranchesOff, forced = store ? proc::kStoreBypassForced : proc::kBranchesForced;
  const bool can = user::can_limit(guess);
  if (store && !can) return Errc::no_device_address;
  if (value != kEnable && value != kDisable && value != kForceDisable && !(store && value == kDisableUntilExec)) return Errc::out_of_range;
  if (!can) return value == kEnable ? SysResult(0) : SysResult(Errc::not_permitted);
  if ((s & forced) != 0 && (value == kEnable || value == kDisableUntilExec)) return Errc::not_permitted;
  s &= ~(off | (store ? proc::kStoreBypassUntilExec : 0));
  if (value != kEnable) s |= off;
  if (value == kForceDisable) s |= forced;
  if (value == kDisableUntilExec) s |= proc::kStoreBypassUntilExec;
  c.me().words().speculation.store(s);
  user::limit(c.context(), guess, (s & off) != 0);
  return 0;
}

}  // namespace svc::sys
