// SPDX-License-Identifier: MPL-2.0
#include <base/array.h>
#include <services/sched/weight.h>

namespace svc::sched {
namespace {

constexpr Array<u64, 40> make_weights() {
  Array<u64, 40> w{};
  for (usize i = 0; i < 40; ++i) w[i] = weight_of_nice(static_cast<i32>(i) - 20);
  return w;
}
constexpr Array<u64, 40> kWeights = make_weights();

}  // namespace

u64 unusual_weight(const ostd::SchedParams& p) {
  if (p.klass == ostd::SchedClass::idle) return kIdleWeight;
  const i32 nice = p.nice < -20 ? -20 : p.nice > 19 ? 19 : p.nice;
  return kWeights[static_cast<usize>(nice + 20)];
}

u64 to_virtual(u64 ns, u64 w) { return w == kNormalWeight ? ns : ns * kNormalWeight / w; }

}  // namespace svc::sched
