// expect: S1
// SPDX-License-Identifier: MPL-2.0
namespace svc {
namespace {

int f(long& a) { return reinter\
pret_cast<int&>(a); }

}  // namespace
}  // namespace svc
