// SPDX-License-Identifier: MPL-2.0
// The frame's layout against the C library's <ucontext.h> and <signal.h> of this machine, which Linux defines.
#include <cstddef>
#include <csignal>
#include <services/process/signal_frame.h>
#include <ucontext.h>
#include <unit.h>

using namespace svc::proc;

static_assert(offsetof(UserContextFrame, stack) == offsetof(ucontext_t, uc_stack));
static_assert(offsetof(UserContextFrame, registers) == offsetof(ucontext_t, uc_mcontext));
static_assert(offsetof(UserContextFrame, mask) == offsetof(ucontext_t, uc_sigmask));
static_assert(sizeof(UserStack) == sizeof(stack_t) && offsetof(UserStack, size) == offsetof(stack_t, ss_size));
static_assert(offsetof(SigContext, fpstate) == offsetof(mcontext_t, fpregs));
static_assert(sizeof(RawSigInfo) == sizeof(siginfo_t));
static_assert(frame::context_at == offsetof(SignalFrame, context) && frame::info_at == offsetof(SignalFrame, info));

TEST_CASE("Registers lie in the frame where <ucontext.h> looks for them", "[signals]") {
  CHECK(offsetof(SigContext, r8) == REG_R8 * 8);
  CHECK(offsetof(SigContext, r15) == REG_R15 * 8);
  CHECK(offsetof(SigContext, rdi) == REG_RDI * 8);
  CHECK(offsetof(SigContext, rbx) == REG_RBX * 8);
  CHECK(offsetof(SigContext, rax) == REG_RAX * 8);
  CHECK(offsetof(SigContext, rcx) == REG_RCX * 8);
  CHECK(offsetof(SigContext, rsp) == REG_RSP * 8);
  CHECK(offsetof(SigContext, rip) == REG_RIP * 8);
  CHECK(offsetof(SigContext, rflags) == REG_EFL * 8);
  CHECK(offsetof(SigContext, cs) == REG_CSGSFS * 8);
  CHECK(offsetof(SigContext, err) == REG_ERR * 8);
  CHECK(offsetof(SigContext, trapno) == REG_TRAPNO * 8);
  CHECK(offsetof(SigContext, oldmask) == REG_OLDMASK * 8);
  CHECK(offsetof(SigContext, cr2) == REG_CR2 * 8);
}
