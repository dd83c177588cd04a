// expect: type no matching constructor
// SPDX-License-Identifier: MPL-2.0
#include <base/opt.h>
#include <boot/resource.h>

namespace svc {
namespace {

ostd::Opt<FullBox> f(const ostd::Opt<FullBox>& b) { return b; }

}  // namespace
}  // namespace svc
