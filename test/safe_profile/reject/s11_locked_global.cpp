// expect: S11
// SPDX-License-Identifier: MPL-2.0
#include <ostd/sync.h>

namespace svc {
namespace {

ostd::SpinLocked<int, ostd::Rank{10}> state{};
int f() { return state.with([](int& n) { return ++n; }); }

}  // namespace
}  // namespace svc
