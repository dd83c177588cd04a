// SPDX-License-Identifier: MPL-2.0
// Restartable sequences. The area and the descriptors it points to are the program's memory: everything is checked on each use.
#include <services/process/rseq.h>
#include <services/process/signal_api.h>

namespace svc::proc {
namespace {

// struct rseq
constexpr u64 kSequence = 8, kFlags = 16, kNode = 20;
constexpr u32 kNoCpu = ~0U;

struct Cpu { u32 start = 0, id = 0; };
struct Place { u32 node = 0, concurrency = 0; };

// struct rseq_cs
struct Sequence { u32 version = 0, flags = 0; u64 start = 0, length = 0, abort = 0; };

Status put(Caller& c, VirtAddr area, Cpu cpu, Place place) {
  TRY(user::write(c.address_space(), area, cpu));
  return user::write(c.address_space(), area + kNode, place);
}

// The number that no other running thread of the same memory has: its CPU's, when there are others.
Status tell_place(Caller& c, VirtAddr area) {
  const u32 cpu = static_cast<u32>(cpu::current());
  return put(c, area, {cpu, cpu}, {0, c.vm().threads() > 1 ? cpu : 0});
}

// Errors: fault, invalid_argument.
Result<Sequence> sequence_at(Caller& c, u64 at) {
  if (at >= kUserEnd.value) return Errc::invalid_argument;
  const Sequence s = TRY(user::read<Sequence>(c.address_space(), VirtAddr(at)));
  const u64 end = wrapping_add(s.start, s.length);
  if (s.start >= kUserEnd.value || end >= kUserEnd.value || s.abort >= kUserEnd.value || s.version != 0) return Errc::invalid_argument;
  // No way back into what is left.
  if (end < s.start || wrapping_sub(s.abort, s.start) < s.length) return Errc::invalid_argument;
  const u32 mark = TRY(user::read<u32>(c.address_space(), VirtAddr(wrapping_sub(s.abort, 4))));
  if (mark != c.me().words().rseq_signature.load()) return Errc::invalid_argument;
  return s;
}

Status start_over(Caller& c, VirtAddr area) {
  const u64 at = TRY(user::read<u64>(c.address_space(), area + kSequence));
  if (at == 0) return Ok();
  const Sequence s = TRY(sequence_at(c, at));
  const bool inside = wrapping_sub(c.regs().rip, s.start) < s.length;
  if (inside && (TRY(user::read<u32>(c.address_space(), area + kFlags)) | s.flags) != 0) return Errc::invalid_argument;
  TRY(user::write(c.address_space(), area + kSequence, u64{0}));
  if (inside) c.regs().rip = s.abort;
  return Ok();
}

u64 switches(const Task& t) { return t.switches_voluntary() + t.switches_involuntary(); }

void attend(Caller& c, VirtAddr area, Signo s) {
  if (!start_over(c, area).ok() || !tell_place(c, area).ok()) force_segv(c, s);
}

}  // namespace

Status rseq_register(Caller& c, VirtAddr at, u32 length, u32 signature) {
  // What was left there by somebody else is no sequence of this thread's.
  if (TRY(user::read<u64>(c.address_space(), at + kSequence)) != 0) TRY(user::write(c.address_space(), at + kSequence, u64{0}));
  const CapRef<Thread, thread::self> me = c.me();
  const Thread::Words& w = me.words();
  w.rseq_length.store(length);
  w.rseq_signature.store(signature);
  w.rseq.store(at.value);
  rseq_start(c);
  return Ok();
}

Status rseq_unregister(Caller& c) {
  TRY(put(c, VirtAddr(c.me().words().rseq.load()), {0, kNoCpu}, {}));
  rseq_forget(c);
  return Ok();
}

void rseq_forget(Caller& c) {
  if (c.me().words().rseq.exchange(0) != 0) ostd::task::current()->kick_on_switch(false);
}

void rseq_start(Caller& c) {
  if (c.me().words().rseq.load() == 0) return;
  c.me().words().rseq_event.store(1);
  const Ref<Task> t = ostd::task::current();
  t->kick_on_switch(true);
  t->kick();
}

void rseq_resume(Caller& c) {
  const CapRef<Thread, thread::self> me = c.me();
  const Thread::Words& w = me.words();
  const u64 area = w.rseq.load(Order::relaxed);
  if (area == 0) return;
  const u64 now = switches(*ostd::task::current());
  if (w.rseq_event.exchange(0) == 0 && now == c.switches_seen) return;
  // Switches from here on kick again.
  c.switches_seen = now;
  attend(c, VirtAddr(area), {});
}

void rseq_before_handler(Caller& c, Signo s) {
  const u64 area = c.me().words().rseq.load(Order::relaxed);
  if (area != 0) attend(c, VirtAddr(area), s);
}

void rseq_before_sharing(Caller& c) {
  const u64 area = c.me().words().rseq.load(Order::relaxed);
  if (area == 0) return;
  const u32 cpu = static_cast<u32>(cpu::current());
  // Where it cannot be written, going on with user code is the end anyway.
  static_cast<void>(put(c, VirtAddr(area), {cpu, cpu}, {0, cpu}).ok());
}

}  // namespace svc::proc
