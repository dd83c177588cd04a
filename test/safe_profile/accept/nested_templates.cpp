// SPDX-License-Identifier: MPL-2.0
namespace svc {
namespace {

template <class T> struct Box { T value{}; template <class U> U as() const { return static_cast<U>(value); } };
long f() { Box<int> b{3}; return b.as<long>(); }

}  // namespace
}  // namespace svc
