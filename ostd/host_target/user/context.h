// SPDX-License-Identifier: MPL-2.0
// What is behind a UserContext: registers here, FPU state in the frame of the stub thread it is bound to or in a buffer.
#pragma once
#include "user/slot.h"

#include <ostd/user.h>

namespace ostd {

struct UserContext::Impl {
  enum class FpuAt : u8 { initial, buffer, slot };

  UserRegs regs{};
  Fault fault{};
  host::Slot* slot = nullptr;  // its thread, from the first run on
  FpuAt fpu_at = FpuAt::initial;
  u8* fpu = nullptr;           // buffer of fpu_format.size bytes, made when needed
  u64 loaded_fs = 0;           // what the thread has in the registers
  u64 loaded_gs = 0;
  bool patched = false;        // it last entered with patches in place: addresses in the thunks' window may be thunks
  Opt<VirtAddr> fill{};        // address to be put into the TLB by the next entry

  std::span<u8> buffer();
  // Brings the FPU state into the buffer (if it is in a slot).
  void fetch_fpu();
  void drop_slot();
};

}  // namespace ostd
