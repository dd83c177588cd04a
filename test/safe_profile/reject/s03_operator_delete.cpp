// expect: S3
// SPDX-License-Identifier: MPL-2.0
namespace svc {
namespace {

struct S { void operator delete(void*) {} };

}  // namespace
}  // namespace svc
