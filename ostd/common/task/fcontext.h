// SPDX-License-Identifier: MPL-2.0
// The C interface of Boost.Context's assembly (ABI of version 1.61 and later). Declared here because Boost's own header needs the
// host's C library headers, which kernel code must not see.
#pragma once
#include <cstddef>

extern "C" {
struct FcontextTransfer {
  void* context;  // of whoever jumped here, as it stands now
  void* data;     // what it passed
};
// Saves the callee-saved registers, MXCSR and the x87 control word on the stack and continues `to`.
FcontextTransfer jump_fcontext(void* to, void* data);
// A context that calls fn on the stack that ends at stack_top, with the control words that are live now.
void* make_fcontext(void* stack_top, std::size_t size, void (*fn)(FcontextTransfer));
}
