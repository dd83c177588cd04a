// SPDX-License-Identifier: MPL-2.0
// Whose programs may learn of each other by speculation: those of the same user, with the same effective one.
#pragma once
#include <ostd/trust.h>
#include <services/base/credentials.h>

namespace svc::proc {

// Bits of Thread::Words::speculation; those of branches are above those of stores.
inline constexpr u32 kStoreBypassOff = 1, kStoreBypassForced = 2, kStoreBypassUntilExec = 4, kBranchesOff = 8, kBranchesForced = 16;

inline void set_trust(const AddressSpace& as, const Credentials& c) {
  const CredentialValues& v = c.values();
  user::set_trust_domain(as, (static_cast<u64>(v.euid.value) << 32 | v.uid.value) + 1);
}
}  // namespace svc::proc
