// expect: S3
// SPDX-License-Identifier: MPL-2.0
namespace svc {
namespace {

template <class T> void f(T& t) { t.~T(); }
void g(int& i) { f(i); }

}  // namespace
}  // namespace svc
