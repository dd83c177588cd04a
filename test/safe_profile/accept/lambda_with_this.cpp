// SPDX-License-Identifier: MPL-2.0
#include <base/fn.h>

namespace svc {
namespace {

int call(ostd::FnRef<int()> f) { return f(); }
class S { public: int g() const { return call([this] { return n_; }); } private: int n_ = 1; };

}  // namespace
}  // namespace svc
