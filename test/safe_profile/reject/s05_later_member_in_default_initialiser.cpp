// expect: S5
// SPDX-License-Identifier: MPL-2.0
#include <base/types.h>
#include <base/vec.h>

namespace svc {
namespace {

class S {
  ostd::usize n_ = v_.size();
  ostd::Vec<int> v_{};
};

}  // namespace
}  // namespace svc
