// SPDX-License-Identifier: MPL-2.0
namespace svc {
namespace {

struct Device { virtual ~Device() = default; virtual int id() const { return 0; } };
struct Disk final : Device { int id() const override { return 1; } };
int use(const Device& d) { return d.id(); }
int f(const Disk& d) { return use(d) + use(static_cast<const Device&>(d)); }

}  // namespace
}  // namespace svc
