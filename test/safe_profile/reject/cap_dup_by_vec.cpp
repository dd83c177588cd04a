// expect: type no
// SPDX-License-Identifier: MPL-2.0
#include <base/vec.h>
#include <boot/resource.h>

namespace svc {
namespace {

ostd::Vec<FullBox> f(const ostd::Vec<FullBox>& b) { return b.copy(); }

}  // namespace
}  // namespace svc
