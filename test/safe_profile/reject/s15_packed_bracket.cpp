// expect: S15
// SPDX-License-Identifier: MPL-2.0
namespace svc {
namespace {

struct [[gnu::packed]] S { char a = 0; int b = 0; };

}  // namespace
}  // namespace svc
