// SPDX-License-Identifier: MPL-2.0
#include <base/types.h>

namespace svc {
namespace {

ostd::VirtAddr f(ostd::VirtAddr a) { return a.page_down() + ostd::kPageSize; }

}  // namespace
}  // namespace svc
