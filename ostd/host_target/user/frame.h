// SPDX-License-Identifier: MPL-2.0
// The signal frame in a slot: the registers and the FPU state of the user code that a stub thread runs next.
#pragma once
#include "user/slot.h"

#include <ostd/user.h>
#include <span>

namespace ostd::host {

// XSAVE standard format as the host writes it into signal frames, learnt from the zygote.
struct FpuFormat {
  u32 size = 0;       // bytes without the trailing magic
  u64 features = 0;   // XCR0
  u32 mxcsr_mask = 0xffff;
};
extern FpuFormat fpu_format;
// Reads it from the frame of a started slot; false when the host does not use XSAVE.
bool learn_fpu_format(const Slot& s);

// Checks where the frame of a slot is that came in by signal and remembers it.
bool find_frame(Slot& s);
// The mcontext registers (stub::kGregs words).
u64* frame_regs(const Slot& s);
std::span<u8> frame_fpu(const Slot& s);

// The initial state in `to` (fpu_format.size bytes).
void fpu_initial(std::span<u8> to);
// invalid_argument: header or MXCSR would fault.
Status fpu_check(std::span<const u8> from);
// Puts a checked state into the slot's frame.
void fpu_to_frame(const Slot& s, std::span<const u8> from);
void fpu_initial_to_frame(const Slot& s);
void fpu_from_frame(const Slot& s, std::span<u8> to);

}  // namespace ostd::host
