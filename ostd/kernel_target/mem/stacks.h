// SPDX-License-Identifier: MPL-2.0
// Kernel stacks: slots of the stack area, 16 KiB mapped above a 16 KiB hole.
#pragma once
#include <common/target.h>

namespace ostd::target {

// A stack for ever, before the frame allocator works or for a CPU: its frames come from early memory.
Stack boot_stack_alloc();
// Both words at `a` lie in a kernel stack (or the boot stack) that is mapped.
bool stack_address(u64 a);

}  // namespace ostd::target
