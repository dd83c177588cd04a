// expect: S12
// SPDX-License-Identifier: MPL-2.0
namespace svc {
namespace {

struct __attribute__((packed)) S { char a = 0; int b = 0; };

}  // namespace
}  // namespace svc
