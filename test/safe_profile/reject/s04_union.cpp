// expect: S4
// SPDX-License-Identifier: MPL-2.0
namespace svc {
namespace {

union U { int a; unsigned b; };
unsigned f() { U u{1}; return u.b; }

}  // namespace
}  // namespace svc
