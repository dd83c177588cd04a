// SPDX-License-Identifier: MPL-2.0
// Hardware exceptions of user code: page faults are resolved by vm, everything else becomes a signal with Linux's si_code.
#pragma once
#include <services/process/caller.h>

namespace svc::proc {
void handle_exception(Caller& c);
}  // namespace svc::proc
