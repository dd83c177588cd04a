// SPDX-License-Identifier: MPL-2.0
#include <base/map.h>
#include <base/own.h>
#include <base/vec.h>

namespace svc {
namespace {

struct State { ostd::Map<int, ostd::Vec<int>> groups{}; ostd::Map<int, int> nodes{}; };
struct Holder { ostd::Own<State> s; };
void f(Holder& h) {
  State& s = *h.s;
  s.groups.with(1, [&](ostd::Vec<int>& g) { for (int pid : g) s.nodes.with(pid, [&](int& n) { ++n; }); });
}

}  // namespace
}  // namespace svc
