// expect: S14
// SPDX-License-Identifier: MPL-2.0
namespace svc {
namespace {

extern const int secret;
int f() { return secret; }

}  // namespace
}  // namespace svc
