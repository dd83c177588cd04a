// SPDX-License-Identifier: MPL-2.0
// Entry: one line of the system call table, made from a handler's signature: how to decode, call and print it.
#pragma once
#include <base/array.h>
#include <base/static_fn.h>
#include <base/static_str.h>
#include <services/process/caller.h>
#include <services/syscall/args.h>
#include <services/syscall/trace.h>

namespace svc::sys {

using proc::Caller;

struct RawArgs {
  Array<u64, 6> v{};
};
inline RawArgs raw_args(const UserRegs& r) { return {Array<u64, 6>{{r.rdi, r.rsi, r.rdx, r.r10, r.r8, r.r9}}}; }

// complete: every flag and error; partial: docs/linux-abi.md names what lacks.
enum class State : u8 { absent, partial, complete };

struct Entry {
  u32 number = 0;
  StaticStr name = "";
  State state = State::absent;
  u8 budget_pages = 0;                 // what the call may allocate before it reserves more itself
  u8 argc = 0;
  Array<ArgKind, 6> kinds{};
  StaticFn<SysResult(Caller&)> call{};  // reads from the registers what it needs
  StaticFn<void(TraceSink&, Caller&, const RawArgs&)> print_args{};
  StaticStr lacks = "";                // partial: what is missing, in words for docs/linux-abi.md
  // How it can end; the test suite `cases` demands a case for each way.
  bool waits = false;                  // a signal can interrupt it
  StaticStr no_success = "", no_error = "";  // why it has none

  consteval Entry waiting() const {
    Entry e = *this;
    e.waits = true;
    return e;
  }
  consteval Entry never_succeeds(StaticStr why) const {
    Entry e = *this;
    e.no_success = why;
    return e;
  }
  consteval Entry never_fails(StaticStr why) const {
    Entry e = *this;
    e.no_error = why;
    return e;
  }
};

template <class Signature>
struct Handler;
template <class... A>
struct Handler<SysResult(Caller&, A...)> {
  static_assert(sizeof...(A) <= 6);
  template <auto& F, usize... I>
  static SysResult call_with(Caller& c, const RawArgs& a, std::index_sequence<I...>) {
    return F(c, ArgTraits<A>::decode(a.v[I])...);
  }
  template <auto& F>
  static SysResult call(Caller& c) { return call_with<F>(c, raw_args(c.regs()), std::index_sequence_for<A...>()); }
  template <usize... I>
  static void print_with(TraceSink& t, Caller& c, const RawArgs& a, std::index_sequence<I...>) {
    (TracePrinter<A>::print(t, c, a.v[I], I), ...);
  }
  static void print(TraceSink& t, Caller& c, const RawArgs& a) { print_with(t, c, a, std::index_sequence_for<A...>()); }
  static constexpr Array<ArgKind, 6> kinds() {
    Array<ArgKind, 6> k{};
    usize i = 0;
    ((k[i++] = ArgTraits<A>::kind), ...);
    return k;
  }
  static constexpr u8 argc = sizeof...(A);
};

template <auto& F>
consteval Entry entry(u32 number, StaticStr name, u8 budget_pages, State state = State::complete, StaticStr lacks = "") {
  using H = Handler<std::remove_reference_t<decltype(F)>>;
  Entry e{};
  e.number = number;
  e.name = name;
  e.state = state;
  e.budget_pages = budget_pages;
  e.argc = H::argc;
  e.kinds = H::kinds();
  e.call = StaticFn<SysResult(Caller&)>(H::template call<F>);
  e.print_args = StaticFn<void(TraceSink&, Caller&, const RawArgs&)>(H::print);
  e.lacks = lacks;
  return e;
}

}  // namespace svc::sys
