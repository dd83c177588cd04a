// expect: type call to implicitly-deleted copy constructor
// SPDX-License-Identifier: MPL-2.0
#include <boot/resource.h>

namespace svc {
namespace {

ostd::DynCap<Box> f(const ostd::DynCap<Box>& b) { return b; }

}  // namespace
}  // namespace svc
