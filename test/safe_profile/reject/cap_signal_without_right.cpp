// expect: type no matching member function for call to 'send'
// SPDX-License-Identifier: MPL-2.0
#include <services/process/process.h>

namespace svc::proc {
namespace {

Status f(CapRef<Process, process::limit> p) { return p.send(SigInfo::kernel(sig::kill)); }

}  // namespace
}  // namespace svc::proc
