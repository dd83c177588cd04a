// SPDX-License-Identifier: MPL-2.0
// How the host target delivers interrupts, in states that a race leaves and that cannot be brought about from outside.
#include "contract.h"
#include "task/vcpu.h"
#include <common/percpu.h>

using namespace ostd;

TEST_CASE("host: a CPU that has taken an interrupt before it was told of it has nothing left to look at") {
  const PreemptGuard stay;
  // raise() of another thread stood between its two words while poll_interrupts() ran here. Whoever enters user mode or idles
  // waits for the bit to fall.
  common::request_here(common::kTargetWork);
  target::poll_interrupts();
  CHECK((common::cpus[target::current_cpu_index()].pending.load() & common::kTargetWork) == 0);
}
