// expect: S2
// SPDX-License-Identifier: MPL-2.0
namespace svc {
namespace {

char f(unsigned i) { return i["abc"]; }

}  // namespace
}  // namespace svc
