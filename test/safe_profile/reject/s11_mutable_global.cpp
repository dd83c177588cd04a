// expect: S11
// SPDX-License-Identifier: MPL-2.0
namespace svc {
namespace {

int counter = 0;
int f() { return ++counter; }

}  // namespace
}  // namespace svc
