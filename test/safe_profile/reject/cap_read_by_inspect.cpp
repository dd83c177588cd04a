// expect: type no matching member function for call to 'read'
// SPDX-License-Identifier: MPL-2.0
#include <services/vm/vm.h>

namespace svc::vm {
namespace {

Status f(CapRef<Vm, memory::inspect> m, std::span<u8> to) { return m.read(VirtAddr(4096), to); }

}  // namespace
}  // namespace svc::vm
