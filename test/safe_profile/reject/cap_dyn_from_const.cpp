// expect: type no matching
// SPDX-License-Identifier: MPL-2.0
#include <boot/resource.h>

namespace svc {
namespace {

ostd::DynCap<Box> f(const ostd::Cap<Box, box::read>& b) { return ostd::DynCap<Box>(b); }

}  // namespace
}  // namespace svc
