// expect: S4 +
// SPDX-License-Identifier: MPL-2.0
namespace svc {
namespace {

bool f(int a) { return typeid(a) == typeid(int); }

}  // namespace
}  // namespace svc
