// expect: S14 +
// SPDX-License-Identifier: MPL-2.0
#include <boot/resource.h>

template <>
class ostd::Cap<svc::Box, ostd::Rights<svc::Box>(ostd::kDup)> {
 public:
  static void steal(const ostd::Cap<svc::Box, svc::box::read>& b) { static_cast<void>(b.ref()); }
};
