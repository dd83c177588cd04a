// SPDX-License-Identifier: MPL-2.0
// Speculation: the host's kernel knows the processor's bugs, and does against them what is done.
#include "linux/host_features.h"

#include <ostd/cpu.h>
#include <ostd/trust.h>

auto ostd::cpu::bugs() -> String {
  char names[512];
  return String(std::string_view(names, host::host_bugs(names)));
}

auto ostd::cpu::user_isolated() -> bool { return false; }

void ostd::user::set_trust_domain(const AddressSpace&, u64) {}
auto ostd::user::can_limit(Guess) -> bool { return false; }
void ostd::user::limit(UserContext&, Guess, bool) {}
