// SPDX-License-Identifier: MPL-2.0
// Which programs trust each other as far as the processor's guesses go.
#pragma once
#include <ostd/address_space.h>
#include <ostd/user.h>

namespace ostd::user {

// User code in address spaces of different domains must not steer each other's speculation: where the processor can, and
// mitigations are on, what it has learned is forgotten when a CPU goes from one domain to another. 0 at first. Counts from the
// next time that a CPU loads the address space. Host: nothing is done, the host's kernel keeps stub processes apart.
void set_trust_domain(const AddressSpace& as, u64 domain);

// Guesses of the processor that a program can have switched off for itself. shared_branches: what another thread of the core, or who
// ran here before, has taught it.
enum class Guess : u8 { store_bypass, shared_branches };
// Whether the processor can, and mitigations are on. Host: false.
bool can_limit(Guess g);
// For user code of this context from its next run on, on the task that owns it; copied by UserContext::copy_from. Requires: can_limit(g).
void limit(UserContext& c, Guess g, bool on);

}  // namespace ostd::user
