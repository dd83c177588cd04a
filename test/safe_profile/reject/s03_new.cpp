// expect: S3
// SPDX-License-Identifier: MPL-2.0
namespace svc {
namespace {

int f() { return *new int(1); }

}  // namespace
}  // namespace svc
