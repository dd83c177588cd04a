// expect: S3
// SPDX-License-Identifier: MPL-2.0
namespace svc {
namespace {

void f(unsigned n) { delete[] new int[n]; }

}  // namespace
}  // namespace svc
