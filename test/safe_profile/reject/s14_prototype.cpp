// expect: S14
// SPDX-License-Identifier: MPL-2.0
namespace svc {
int elsewhere(long);
namespace {
int f() { return elsewhere(1); }
}
}
