// expect: type constraints not satisfied
// SPDX-License-Identifier: MPL-2.0
#include <boot/resource.h>

namespace svc {
namespace {

ostd::Cap<Box, box::read> f(const ostd::Cap<Box, box::read>& b) { return b.dup(); }

}  // namespace
}  // namespace svc
