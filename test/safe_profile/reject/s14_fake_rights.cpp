// expect: S14
// SPDX-License-Identifier: MPL-2.0
#include <boot/resource.h>

namespace svc {
namespace {

struct Fake : ostd::Cap<Box, ostd::Rights<Box>::all()> { int n = 0; };

}  // namespace
}  // namespace svc
