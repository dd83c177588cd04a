// expect: S11
// SPDX-License-Identifier: MPL-2.0
namespace svc {
namespace {

struct S { ~S() {} };
const S s{};

}  // namespace
}  // namespace svc
