// expect: S3
// SPDX-License-Identifier: MPL-2.0
namespace svc {
namespace {

struct S { static void* operator new(unsigned long n); };

}  // namespace
}  // namespace svc
