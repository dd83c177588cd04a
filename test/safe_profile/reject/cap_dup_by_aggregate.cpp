// expect: type deleted
// SPDX-License-Identifier: MPL-2.0
#include <boot/resource.h>

namespace svc {
namespace {

struct Holder { ostd::Cap<Box, box::read> b; };
Holder f(const Holder& h) { return h; }

}  // namespace
}  // namespace svc
