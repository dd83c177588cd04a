// expect: S13
// SPDX-License-Identifier: MPL-2.0
// Only the core's own macros leave a local unfilled: what a service leaves so may tell a program what lay there before.
#include <base/annotations.h>
namespace svc {
namespace {

struct Answer {
  int a = 0, b = 0;
};

int f() {
  OSTD_UNFILLED Answer x;
  x.a = 1;
  return x.b;
}

}  // namespace
}  // namespace svc
