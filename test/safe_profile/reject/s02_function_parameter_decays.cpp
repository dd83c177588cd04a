// expect: S2
// SPDX-License-Identifier: MPL-2.0
namespace svc {
namespace {

int f(int p()) { return p(); }

}  // namespace
}  // namespace svc
