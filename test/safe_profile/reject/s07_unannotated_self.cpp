// expect: S7
// SPDX-License-Identifier: MPL-2.0
#include <base/vec.h>

namespace svc {
namespace {

class S { public: const int& first() const { return v_[0]; } private: ostd::Vec<int> v_{}; };

}  // namespace
}  // namespace svc
