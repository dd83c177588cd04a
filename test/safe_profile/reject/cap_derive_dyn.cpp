// expect: S14
// SPDX-License-Identifier: MPL-2.0
#include <boot/resource.h>

namespace svc {
namespace {

struct Fake : ostd::DynCap<Box> { using DynCap::DynCap; };

}  // namespace
}  // namespace svc
