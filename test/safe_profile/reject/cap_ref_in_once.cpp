// expect: S6
// SPDX-License-Identifier: MPL-2.0
#include <ostd/sync.h>
#include <boot/resource.h>

namespace svc {
namespace {

struct Keeper { ostd::Once<ostd::CapRef<Box, box::read>> b{}; };

}  // namespace
}  // namespace svc
