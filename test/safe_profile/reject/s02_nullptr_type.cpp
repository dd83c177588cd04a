// expect: S2
// SPDX-License-Identifier: MPL-2.0
namespace svc {
namespace {

bool f(decltype(nullptr)) { return true; }

}  // namespace
}  // namespace svc
