// expect: S2
// SPDX-License-Identifier: MPL-2.0
namespace svc {
namespace {

bool f(int& a) { return bitand a == bitand a; }

}  // namespace
}  // namespace svc
