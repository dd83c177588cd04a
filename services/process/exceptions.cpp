// SPDX-License-Identifier: MPL-2.0
// Hardware exceptions of user code to signals [sigaction(2), Linux behaviour checked by apps/conformance].
#include <services/process/exceptions.h>
#include <services/process/signal_api.h>

namespace svc::proc {
namespace {

constexpr i32 kSegvMapErr = 1, kSegvAccErr = 2, kBusAdrErr = 2, kBusAdrAln = 1, kIllIllOpn = 2, kFpeIntDiv = 1, kTrapTrace = 2, kSiKernel = 0x80;

SigInfo fault_info(Signo s, i32 code, u64 address) {
  SigInfo i{};
  i.signo = s;
  i.code = code;
  i.address = VirtAddr(address);
  return i;
}

void page_fault(Caller& c, const Fault& f) {
  const vm::Vm::FaultResult r = c.vm().fault(f.address.page_down(), f.access(), c.vm_limits());
  if (r.ok) {
    c.me().words().faults_minor.fetch_add(1, Order::relaxed);
    return;
  }
  switch (r.reason) {
    case vm::Vm::FaultReason::not_mapped: return force(c, fault_info(sig::segv, kSegvMapErr, f.address.value));
    case vm::Vm::FaultReason::not_allowed: return force(c, fault_info(sig::segv, kSegvAccErr, f.address.value));
    case vm::Vm::FaultReason::beyond_end:
    case vm::Vm::FaultReason::out_of_memory: return force(c, fault_info(sig::bus, kBusAdrErr, f.address.value));
  }
}

// FPE_* code of an x87 status word or MXCSR: the lowest unmasked exception that is flagged.
i32 fpe_code(u32 status, u32 mask) {
  const u32 e = status & ~mask & 0x3f;
  if ((e & 0x01) != 0) return 7;  // FPE_FLTINV
  if ((e & 0x04) != 0) return 3;  // FPE_FLTDIV
  if ((e & 0x08) != 0) return 4;  // FPE_FLTOVF
  if ((e & 0x12) != 0) return 5;  // FPE_FLTUND (also denormal)
  if ((e & 0x20) != 0) return 6;  // FPE_FLTRES
  return 0;
}

u32 load16(std::span<const u8> b, usize at) { return static_cast<u32>(b[at]) | static_cast<u32>(b[at + 1]) << 8; }

i32 float_code(Caller& c, Exception v) {
  Vec<u8> area = Vec<u8>::filled(c.context().fpu_size(), 0);
  c.context().fpu_save(area.items());
  const std::span<const u8> b = area.items();
  if (v == Exception::x87) return fpe_code(load16(b, 2), load16(b, 0));
  const u32 mxcsr = load16(b, 24);
  return fpe_code(mxcsr, mxcsr >> 7);
}

}  // namespace

void handle_exception(Caller& c) {
  const Fault f = c.context().fault();
  const u64 rip = c.regs().rip;
  switch (f.vector) {
    case Exception::page_fault: return page_fault(c, f);
    case Exception::divide: return force(c, fault_info(sig::fpe, kFpeIntDiv, rip));
    case Exception::invalid_opcode: return force(c, fault_info(sig::ill, kIllIllOpn, rip));
    case Exception::breakpoint: return force(c, fault_info(sig::trap, kSiKernel, 0));
    case Exception::debug: return force(c, fault_info(sig::trap, kTrapTrace, rip));
    case Exception::x87:
    case Exception::simd: return force(c, fault_info(sig::fpe, float_code(c, f.vector), rip));
    case Exception::alignment: return force(c, fault_info(sig::bus, kBusAdrAln, 0));
    case Exception::segment_not_present:
    case Exception::stack_segment: return force(c, fault_info(sig::bus, kSiKernel, 0));
    case Exception::overflow:
    case Exception::bound:
    case Exception::no_device:
    case Exception::general_protection: return force(c, fault_info(sig::segv, kSiKernel, 0));
  }
}

}  // namespace svc::proc
