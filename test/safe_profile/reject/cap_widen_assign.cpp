// expect: type no viable overloaded
// SPDX-License-Identifier: MPL-2.0
#include <boot/resource.h>

namespace svc {
namespace {

void f(FullBox& all, ostd::Cap<Box, box::read> b) { all = std::move(b); }

}  // namespace
}  // namespace svc
