// expect: type no matching conversion
// SPDX-License-Identifier: MPL-2.0
#include <boot/resource.h>

namespace svc {
namespace {

ostd::Cap<Box, box::read | box::write> f(ostd::Cap<Box, box::read> b) { return ostd::Cap<Box, box::read | box::write>(std::move(b)); }

}  // namespace
}  // namespace svc
