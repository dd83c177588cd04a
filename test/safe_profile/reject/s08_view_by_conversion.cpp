// expect: S8
// SPDX-License-Identifier: MPL-2.0
#include <base/key.h>

namespace svc {
namespace {

ostd::usize f(ostd::String s) {
  const ostd::TextKey k = s;
  s.append('x');
  return k.view().size();
}

}  // namespace
}  // namespace svc
