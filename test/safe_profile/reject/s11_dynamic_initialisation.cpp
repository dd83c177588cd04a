// expect: S11
// SPDX-License-Identifier: MPL-2.0
namespace svc {
namespace {

int g();
const int n = g();

}  // namespace
}  // namespace svc
