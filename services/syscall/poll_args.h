// SPDX-License-Identifier: MPL-2.0
// Timeouts and temporary signal masks of the waiting calls.
#pragma once
#include <services/syscall/sys_poll.h>

namespace svc::sys {
// Nothing: no deadline. Errors: fault, invalid_argument.
Result<Opt<Instant>> deadline_of(Caller& c, UserPtr<UserTimespec> t);
Opt<Instant> deadline_ms(i32 ms);
Status use_mask(Caller& c, UserPtr<u64> mask, u64 size);
}  // namespace svc::sys
