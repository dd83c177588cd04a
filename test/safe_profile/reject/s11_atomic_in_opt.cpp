// expect: S11
// SPDX-License-Identifier: MPL-2.0
#include <base/array.h>
#include <base/atomic.h>
#include <base/opt.h>
#include <base/types.h>

namespace svc {
namespace {

struct State { ostd::Opt<ostd::u32> last{}; ostd::Atomic<ostd::u32> n{0}; };
constexpr ostd::Array<State, 1> kStates{};
ostd::u32 f() { return kStates[0].n.fetch_add(1); }

}  // namespace
}  // namespace svc
