// SPDX-License-Identifier: MPL-2.0
#include <services/process/signals.h>
#include <unit.h>

using namespace svc::proc;
using namespace ostd;
using svc::Pid;
using svc::Signo;
using Added = PendingSet::Added;

namespace {
SigInfo from_user(Signo s, u64 value, i32 code = si::queue) {
  SigInfo i{};
  i.signo = s;
  i.code = code;
  i.pid = Pid{7};
  i.value = value;
  return i;
}
SigInfo of_timer(Signo s, i32 id, u64 setting) {
  SigInfo i = from_user(s, 0, si::timer);
  i.timer_id = id;
  i.order = setting;
  return i;
}
Opt<SignalTicket> ticket() { return Opt<SignalTicket>(SignalTicket()); }
constexpr SigSet kAll{~0ULL};
constexpr Signo rt{40};
}  // namespace

TEST_CASE("SigSet takes synchronous signals first, then the lowest number", "[signals]") {
  CHECK(SigSet{}.first() == Signo{0});
  CHECK((SigSet::of(sig::hup) | SigSet::of(sig::segv)).first() == sig::segv);
  CHECK((SigSet::of(sig::ill) | SigSet::of(sig::segv) | SigSet::of(sig::hup)).first() == sig::ill);
  CHECK((SigSet::of(Signo{64}) | SigSet::of(Signo{34})).first() == Signo{34});
  CHECK(kStops.has(sig::stop));
  CHECK(kStops.has(sig::ttou));
  CHECK_FALSE(kStops.has(sig::cont));
  CHECK(kSynchronous == (SigSet::of(sig::segv) | SigSet::of(sig::bus) | SigSet::of(sig::ill) | SigSet::of(sig::trap) | SigSet::of(sig::fpe) | SigSet::of(sig::sys)));
}

TEST_CASE("PendingSet keeps a standard signal once and real-time ones in order", "[signals]") {
  PendingSet p;
  CHECK(p.add(from_user(sig::usr1, 1), ticket()) == Added::queued);
  CHECK(p.add(from_user(sig::usr1, 2), ticket()) == Added::already);
  for (u64 v = 1; v <= 3; ++v) CHECK(p.add(from_user(rt, v), ticket()) == Added::queued);
  CHECK(p.take_from(kAll)->value == 1);
  for (u64 v = 1; v <= 3; ++v) {
    CHECK(p.set() == SigSet::of(rt));
    CHECK(p.take_from(kAll)->value == v);
  }
  CHECK(p.set().empty());
  CHECK_FALSE(p.take_from(kAll));
}

TEST_CASE("PendingSet takes only what is wanted", "[signals]") {
  PendingSet p;
  CHECK(p.add(from_user(sig::usr1, 1), ticket()) == Added::queued);
  CHECK(p.add(from_user(sig::usr2, 2), ticket()) == Added::queued);
  CHECK_FALSE(p.take_from(SigSet::of(sig::term)));
  CHECK(p.take_from(SigSet::of(sig::usr2))->value == 2);
  CHECK(p.set() == SigSet::of(sig::usr1));
}

TEST_CASE("Without a ticket a signal loses its information or is refused", "[signals]") {
  PendingSet p;
  CHECK(p.add(from_user(sig::usr1, 5), none) == Added::queued);
  CHECK(p.add(from_user(rt, 5), none) == Added::full);
  CHECK(p.add(from_user(rt, 5, si::user), none) == Added::queued);
  const Opt<SigInfo> u = p.take_from(kAll);
  CHECK(u->signo == sig::usr1);
  CHECK(u->value == 0);
  CHECK(u->code == si::user);
  CHECK(u->pid == Pid{0});
  CHECK(p.take_from(kAll)->signo == rt);
}

TEST_CASE("A signal of the kernel without information needs no memory and no ticket", "[signals]") {
  PendingSet p;
  CHECK(p.add(SigInfo::kernel(sig::int_), none) == Added::queued);
  CHECK(p.queued() == 0);
  CHECK(p.add(SigInfo::kernel(sig::int_), none) == Added::already);
  CHECK(p.take_from(kAll)->code == si::kernel);
}

TEST_CASE("Tickets count in their user's quota until the signal is taken or discarded", "[signals]") {
  const Ref<SignalQuota> q = make_ref<SignalQuota>();
  PendingSet p;
  CHECK(p.add(from_user(rt, 1), Opt<SignalTicket>(SignalTicket(q))) == Added::queued);
  CHECK(p.add(from_user(rt, 2), Opt<SignalTicket>(SignalTicket(q))) == Added::queued);
  CHECK(p.add(from_user(sig::usr1, 3), Opt<SignalTicket>(SignalTicket(q))) == Added::queued);
  CHECK(p.add(from_user(sig::usr1, 4), Opt<SignalTicket>(SignalTicket(q))) == Added::already);
  CHECK(q->used.load() == 3);
  CHECK(p.take_from(kAll)->value == 3);
  CHECK(q->used.load() == 2);
  p.discard(SigSet::of(rt));
  CHECK(q->used.load() == 0);
  CHECK(p.set().empty());
}

TEST_CASE("A timer has one signal pending, beside others of the same number", "[signals]") {
  PendingSet p;
  p.keep_room();
  CHECK(p.add(from_user(sig::usr1, 1), ticket()) == Added::queued);
  p.add_of_timer(of_timer(sig::usr1, 3, 1));
  p.add_of_timer(of_timer(sig::usr1, 3, 2));
  CHECK(p.queued() == 2);
  CHECK(p.take_from(kAll)->code == si::queue);
  const Opt<SigInfo> t = p.take_from(kAll);
  CHECK(t->timer_id == 3);
  CHECK(t->order == 2);
  CHECK_FALSE(p.take_from(kAll));
}

TEST_CASE("A removed timer leaves nothing pending but what others sent", "[signals]") {
  PendingSet p;
  p.keep_room();
  p.add_of_timer(of_timer(sig::usr1, 3, 1));
  p.remove_timer(3);
  CHECK(p.set().empty());
  p.keep_room();
  CHECK(p.add(from_user(sig::usr1, 1), ticket()) == Added::queued);
  p.add_of_timer(of_timer(sig::usr1, 3, 1));
  p.remove_timer(3);
  CHECK(p.set() == SigSet::of(sig::usr1));
  CHECK(p.take_from(kAll)->value == 1);
}

TEST_CASE("A stop signal remembers how many SIGCONTs came before it", "[signals]") {
  PendingSet p;
  SigInfo stop = SigInfo::kernel(sig::tstp);
  stop.order = 4;
  CHECK(p.add(stop, none) == Added::queued);
  CHECK(p.take_from(kAll)->order == 4);
}

TEST_CASE("siginfo_t has Linux's layout for each kind of signal", "[signals]") {
  SigInfo i = from_user(rt, 0x1122334455667788);
  i.error = 3;
  i.uid = {9};
  RawSigInfo r = to_raw(i);
  CHECK(r.words[0] == (3ULL << 32 | 40));
  CHECK(r.words[1] == 0xffff'ffff);
  CHECK(r.words[2] == (9ULL << 32 | 7));
  CHECK(r.words[3] == 0x1122334455667788);
  const SigInfo back = from_raw(r, rt);
  CHECK(back.error == 3);
  CHECK(back.pid == i.pid);
  CHECK(back.uid == i.uid);
  CHECK(back.value == i.value);

  SigInfo child{};
  child.signo = sig::chld;
  child.code = 1;
  child.pid = Pid{12};
  child.uid = {1000};
  child.status = 5;
  child.utime = 6;
  child.stime = 7;
  r = to_raw(child);
  CHECK(r.words[2] == (1000ULL << 32 | 12));
  CHECK(r.words[3] == 5);
  CHECK(r.words[4] == 6);
  CHECK(r.words[5] == 7);

  SigInfo fault{};
  fault.signo = sig::segv;
  fault.code = 1;
  fault.address = VirtAddr(0xdead'b000);
  CHECK(to_raw(fault).words[2] == 0xdead'b000);

  SigInfo timer = of_timer(sig::alrm, 2, 1);
  timer.overrun = 8;
  timer.value = 77;
  r = to_raw(timer);
  CHECK(r.words[2] == (8ULL << 32 | 2));
  CHECK(r.words[3] == 77);
}

TEST_CASE("Default actions are those of signal(7)", "[signals]") {
  CHECK(default_action(sig::chld) == DefaultAction::ignore);
  CHECK(default_action(sig::cont) == DefaultAction::continue_);
  CHECK(default_action(sig::ttin) == DefaultAction::stop);
  CHECK(default_action(sig::quit) == DefaultAction::core);
  CHECK(default_action(sig::sys) == DefaultAction::core);
  CHECK(default_action(sig::term) == DefaultAction::terminate);
  CHECK(default_action(sig::io) == DefaultAction::terminate);
  CHECK(default_action(rt) == DefaultAction::terminate);
  CHECK(drops(SigAction{}, sig::winch));
  CHECK(drops(SigAction{handler::ign, 0, 0, {}}, sig::term));
  CHECK_FALSE(drops(SigAction{}, sig::term));
  CHECK_FALSE(drops(SigAction{0x1000, 0, 0, {}}, sig::winch));
}
