// expect: S19
// SPDX-License-Identifier: MPL-2.0
#include <ostd/trace.h>

namespace svc {
namespace {

ostd::usize f(std::span<ostd::trace::Record> to) { return ostd::trace::read(0, to); }

}  // namespace
}  // namespace svc
