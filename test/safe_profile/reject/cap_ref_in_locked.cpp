// expect: S6
// SPDX-License-Identifier: MPL-2.0
#include <base/opt.h>
#include <ostd/sync.h>
#include <boot/resource.h>

namespace svc {
namespace {

struct Keeper { ostd::SpinLocked<ostd::Opt<ostd::CapRef<Box, box::read>>, ostd::Rank{10}> b{}; };

}  // namespace
}  // namespace svc
