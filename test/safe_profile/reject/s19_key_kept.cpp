// expect: S19
// SPDX-License-Identifier: MPL-2.0
#include <boot/resource.h>

namespace svc {
namespace {

struct Keeper { ostd::RootKey key; };

}  // namespace
}  // namespace svc
