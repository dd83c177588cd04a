// SPDX-License-Identifier: MPL-2.0
#include <base/own.h>
#include <type_traits>

namespace svc {
namespace {

struct Device { virtual ~Device() = default; virtual int id() const { return 0; } };
struct Disk final : Device { int id() const override { return 1; } };
ostd::Own<Device> f() { return ostd::make_own<Disk>(); }

}  // namespace
}  // namespace svc
