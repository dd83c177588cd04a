// SPDX-License-Identifier: MPL-2.0
// The handlers of a process. [sigaction(2)]
#include <services/process/signals.h>

namespace svc::proc {

SigAction SigActions::get(Signo s) const {
  return state_.with([&](State& st) { return st.actions[s.value]; });
}
SigAction SigActions::set(Signo s, const SigAction& a) const {
  return state_.with([&](State& st) {
    const SigAction old = st.actions[s.value];
    st.actions[s.value] = a;
    return old;
  });
}
Ref<SigActions> SigActions::clone() const {
  // Directly: the whole table is too large for a stack frame.
  Ref<SigActions> copy = make_ref<SigActions>();
  lock_pair(state_, copy->state_, [](const State& from, State& to) { to.actions = from.actions; });
  return copy;
}
void SigActions::reset_for_exec() const {
  state_.with([](State& st) {
    for (SigAction& a : st.actions.items()) a = SigAction{a.handler == handler::ign ? handler::ign : handler::dfl, 0, 0, {}};
  });
}
bool SigActions::ignored(Signo s) const { return drops(get(s), s); }

}  // namespace svc::proc
