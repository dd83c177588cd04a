// SPDX-License-Identifier: MPL-2.0
// Which programs trust each other as far as the processor's guesses go.
#pragma once
#include <ostd/address_space.h>

namespace ostd::user {

// User code in address spaces of different domains must not steer each other's speculation: where the processor can, and
// mitigations are on, what it has learned is forgotten when a CPU goes from one domain to another. 0 at first. Counts from the
// next time that a CPU loads the address space. Host: nothing is done, the host's kernel keeps stub processes apart.
void set_trust_domain(const AddressSpace& as, u64 domain);

}  // namespace ostd::user
