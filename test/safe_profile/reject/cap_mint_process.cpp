// expect: type calling a private constructor of class
// SPDX-License-Identifier: MPL-2.0
#include <services/process/process.h>

namespace svc::proc {
namespace {

Cap<Process, process::signal> f(Ref<Process> p) { return Cap<Process, process::signal>::mint(Process::MintKey(), std::move(p)); }

}  // namespace
}  // namespace svc::proc
