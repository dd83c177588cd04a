// expect: S15
// SPDX-License-Identifier: MPL-2.0
namespace svc {
namespace {

<:<:gnu::pure:>:> int f() { return 0; }

}  // namespace
}  // namespace svc
