// SPDX-License-Identifier: MPL-2.0
// Notes of core dumps. [core(5), <linux/elfcore.h>]
#include <services/process/core_parts.h>

namespace svc::proc {
namespace {

struct TimeVal { u64 seconds = 0, micros = 0; };
TimeVal time_of(Duration d) { return {static_cast<u64>(d.ns / 1'000'000'000), static_cast<u64>(d.ns / 1000 % 1'000'000)}; }
struct PrStatus {
  u32 signo = 0, code = 0, error = 0;
  u16 cursig = 0, pad = 0;
  u64 pending = 0, blocked = 0;
  i32 pid = 0, parent = 0, group = 0, session = 0;
  TimeVal user{}, system{}, children_user{}, children_system{};
  RawRegs regs{};
  u32 fp_valid = 0, pad2 = 0;
};
static_assert(sizeof(PrStatus) == kStatusNote);
struct PrPsInfo {
  u8 state = 0, name = 'R', zombie = 0, nice = 0;
  u32 pad = 0;
  u64 flags = 0;
  u32 uid = 0, gid = 0;
  i32 pid = 0, parent = 0, group = 0, session = 0;
  Array<u8, 16> command{};
  Array<u8, 80> arguments{};
};
static_assert(sizeof(PrPsInfo) == kProcessNote);

}  // namespace

Vec<u8> status_note(Caller& c, const CoreThread& t, Signo s) {
  PrStatus n{};
  n.signo = s.value;
  n.cursig = static_cast<u16>(s.value);
  n.pending = t.pending;
  n.blocked = t.blocked;
  n.pid = t.tid.value;
  n.parent = c.process()->parent_pid().value;
  n.group = c.process()->group().value;
  n.session = c.process()->session().value;
  Usage u{};
  u.user = t.user;
  u.system = t.system;
  if (t.tid == c.process()->pid()) u = c.process()->usage_self();
  const Usage children = c.process()->usage_children();
  n.user = time_of(u.user);
  n.system = time_of(u.system);
  n.children_user = time_of(children.user);
  n.children_system = time_of(children.system);
  n.regs = raw_regs(t.regs, t.call);
  n.fp_valid = t.fpu.empty() ? 0 : 1;
  return Vec<u8>::from(as_bytes(n));
}

Vec<u8> process_note(Caller& c, CoreMemory m) {
  PrPsInfo n{};
  const CredentialValues& v = c.credentials().values();
  const Ref<Thread> leader = c.process()->leader().value_or(c.thread());
  n.nice = static_cast<u8>(static_cast<u64>(i64{leader->sched().nice}) & 0xff);
  n.uid = v.uid.value;
  n.gid = v.gid.value;
  n.pid = c.process()->pid().value;
  n.parent = c.process()->parent_pid().value;
  n.group = c.process()->group().value;
  n.session = c.process()->session().value;
  const String name = c.process()->leader_name();
  for (usize i = 0; i < name.size() && i + 1 < n.command.size(); ++i) n.command[i] = static_cast<u8>(name[i]);
  const vm::Layout l = m.layout();
  const u64 length = l.arg_end > l.arg_start ? l.arg_end - l.arg_start : 0;
  const std::span<u8> text = n.arguments.items().first(length < n.arguments.size() - 1 ? length : n.arguments.size() - 1);
  if (!m.read(l.arg_start, text).ok()) return Vec<u8>::from(as_bytes(n));
  for (u8& b : text)
    if (b == 0) b = ' ';
  return Vec<u8>::from(as_bytes(n));
}

Result<Vec<u8>> file_note(const Segments& segments) {
  u64 count = 0, names = 0;
  segments.each([&](const u64&, const Segment& s) {
    if (!s.file) return;
    ++count;
    names += (*s.file)->path().size() + 1;
  });
  Vec<u8> out{};
  if (count == 0) return out;
  const u64 size = 16 + 24 * count + names;
  TRY(mem::reserve(page_up(size) / kPageSize + 8));
  out.reserve(size);
  out.append(as_bytes(Array<u64, 2>{{count, kPageSize}}));
  segments.each([&](const u64&, const Segment& s) {
    if (s.file) out.append(as_bytes(Array<u64, 3>{{s.range.begin.value, s.range.end.value, s.offset >> kPageShift}}));
  });
  segments.each([&](const u64&, const Segment& s) {
    if (!s.file) return;
    // A renamed file must not make it longer than was reserved.
    const String path = (*s.file)->path();
    if (out.size() + path.size() + 1 > size) return;
    out.append(path.bytes());
    out.push_back(0);
  });
  return out;
}

}  // namespace svc::proc
