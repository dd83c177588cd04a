// expect: S14
// SPDX-License-Identifier: MPL-2.0
namespace svc {
namespace {

int f() { int g(); return g(); }

}  // namespace
}  // namespace svc
