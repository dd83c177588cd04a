// expect: S6
// SPDX-License-Identifier: MPL-2.0
#include <base/opt.h>
#include <boot/resource.h>

namespace svc {
namespace {

struct Keeper { ostd::Opt<ostd::CapRef<Box, box::read>> b{}; };

}  // namespace
}  // namespace svc
