// SPDX-License-Identifier: MPL-2.0
// Signals: the queues of processes and threads, and whom a signal wakes. Private to signal_send.cpp.
#pragma once
#include <services/process/process.h>

namespace svc::proc {

struct Signals {
  static void disturb(const Thread& t, Disturb how);
  static void discard_everywhere(const Process& p, SigSet which);
  static void continue_process(const Process& p);
  static void notify_tracees(const Process& p);
  static SigInfo with_side_effects(const Process& p, const SigInfo& info);
  static bool takes(const Thread& t, Signo s);
  static Opt<Ref<Thread>> choose(const Process& p, Signo s);
  static bool dropped(const Process& p, const Opt<Ref<Thread>>& target, Signo s);
  static Opt<SignalTicket> ticket_for(const Process& p, const SigInfo& i);
  static void wake_for(const Process& p, const Opt<Ref<Thread>>& target, Signo s);
  static Status post(const Process& p, const Opt<Ref<Thread>>& target, const SigInfo& info);
  static void retarget(const Process& p, SigSet which);
  static SigSet pending_of(const Process& p);
  static void keep_room(const Process& p, const Opt<Ref<Thread>>& thread);
  static void remove_timer(const Process& p, const Opt<Ref<Thread>>& thread, i32 id);
  static bool of_timer(const Process& to, const Opt<Ref<Thread>>& thread, const SigInfo& info);
};

}  // namespace svc::proc
