// SPDX-License-Identifier: MPL-2.0
// What the rights on processes, threads and address spaces allow, and what they do not; checked when compiling.
#include <services/process/access.h>
#include <unit.h>

using namespace svc;
using namespace svc::proc;

namespace {

template <Rights<Process> R> using P = CapRef<Process, R>;
template <Rights<Thread> R> using T = CapRef<Thread, R>;
template <Rights<vm::Vm> R> using M = CapRef<vm::Vm, R>;

template <class C> concept Sends = requires(C c, SigInfo i) { c.send(i); };
template <class C> concept Resumes = requires(C c, SigInfo i) { c.resume(i); };
template <class C> concept Limits = requires(C c, ResourceLimit l) { c.change_limit(Resource::cpu, l); };
template <class C> concept Ends = requires(C c, ExitStatus s) { c.begin_exit(s); };
template <class C> concept Relates = requires(C c) { c.set_parent(Pid{1}); };
template <class C> concept Collects = requires(C c, const ProcessTree& t, WaitFor w) { t.collect(c, w); };
static_assert(Sends<P<process::signal>> && !Resumes<P<process::signal>> && !Limits<P<process::signal>> && !Ends<P<process::signal>>);
static_assert(Resumes<P<process::resume>> && !Sends<P<process::resume>>);
static_assert(Limits<P<process::limit>> && !Sends<P<process::limit>>);
static_assert(Sends<P<process::member>> && Relates<P<process::member>> && !Ends<P<process::member>> && !Limits<P<process::member>>);
static_assert(Sends<P<process::own>> && Ends<P<process::own>> && Limits<P<process::own>> && !Relates<P<process::own>>);
static_assert(Collects<P<process::wait>> && Collects<P<process::own>> && !Collects<P<process::signal>>);
static_assert(!Sends<Ref<Process>> && !Ends<Ref<Process>>);

template <class C> concept Traces = requires(C c) { c.memory(); };
template <class C> concept Schedules = requires(C c) { c.set_reset_on_fork(0); };
template <class C> concept Masks = requires(C c) { c.set_blocked(SigSet{}); };
static_assert(Traces<T<thread::trace>> && !Schedules<T<thread::trace>> && !Masks<T<thread::trace>>);
static_assert(Schedules<T<thread::schedule>> && !Traces<T<thread::schedule>> && !Masks<T<thread::schedule>>);
static_assert(Masks<T<thread::self>> && !Traces<T<thread::self>>);

template <class C> concept Inspects = requires(C c) { c.layout(); };
template <class C> concept Reads = requires(C c, std::span<u8> to) { c.read(VirtAddr(0), to); };
template <class C> concept Writes = requires(C c, std::span<const u8> from) { c.write(VirtAddr(0), from); };
template <class C> concept Unmaps = requires(C c) { c.unmap(VirtAddr(0), 1); };
template <class C> concept Uses = requires(C c) { c.space(); };
static_assert(Inspects<M<vm::memory::inspect>> && !Reads<M<vm::memory::inspect>> && !Writes<M<vm::memory::inspect>> && !Uses<M<vm::memory::inspect>>);
static_assert(Reads<M<vm::memory::read>> && !Writes<M<vm::memory::read>> && !Inspects<M<vm::memory::read>>);
static_assert(Uses<M<vm::memory::use>> && !Unmaps<M<vm::memory::use>> && !Reads<M<vm::memory::use>>);
static_assert(Unmaps<M<vm::memory::change>> && !Uses<M<vm::memory::change>>);

// Nobody but Access, and the makers of new ones, gets rights from a reference.
static_assert(!std::is_constructible_v<P<process::signal>, const Process&> && !std::is_constructible_v<Cap<Process, process::signal>, Ref<Process>>);
static_assert(!std::is_default_constructible_v<Process::MintKey> && !std::is_default_constructible_v<Thread::MintKey> && !std::is_default_constructible_v<vm::Vm::MintKey>);

}  // namespace

TEST_CASE("What a process has on itself contains no right of the tree's", "[rights]") {
  CHECK(!process::own.contains(process::relate));
  CHECK(!process::own.contains(kDup));
}
