// SPDX-License-Identifier: MPL-2.0
// The life of a task. From spawn until its last switch a task holds a reference to itself (its life reference), so queues and
// wakers may use plain pointers to it. The task that runs after it gives back its stack and drops that reference.
#include "sched.h"

namespace {
using namespace ostd;
using namespace ostd::common;

constexpr usize kRecordPages = 2;  // the record and its small objects

Atomic<u64> next_id{1};

void put_name(Task::Core& t, std::string_view name) {
  char text[16] = {};
  for (usize i = 0; i < name.size() && i < 15; ++i) text[i] = name[i];
  u64 words[2];
  __builtin_memcpy(words, text, sizeof words);
  t.name[0].store(words[0], Order::relaxed);
  t.name[1].store(words[1], Order::relaxed);
}

Ref<Task> make_task(const TaskOptions& options, Opt<Ref<Account>> account, Fn<void()> entry, u32 state);

[[noreturn]] void end_current() {
  check_may_sleep("a task ends without guards");
  Task::Core& t = *target::this_cpu()->current;
  OSTD_CHECK(t.held_mutex_count == 0 && "a task ends without locks");
  // What it used is on its account before anybody can know of its end.
  if (t.account) task_memory_detach(t.memory);
  t.account.reset();
  // release: whoever sees it ended sees all it did.
  t.ended.store(1, Order::release);
  t.ended_waiters.wake_all();
  // What was freed since then is the root account's.
  if (t.memory.credit != 0 || t.memory.drawn != 0) task_memory_detach(t.memory);
  target::irq_disable();
  t.state.fetch_or(kEnded, Order::acq_rel);
  schedule(Leave::ended);
  check_failed("an ended task does not run again");
}

void run_entry() {
  // Of a task made by spawn_parked. Tokens stay: they may be of later unparks, and a first park() may return without cause.
  target::this_cpu()->current->state.fetch_and(~kParked, Order::acquire);
  target::irq_enable();
  reap_dead();
  if (target::this_cpu()->pending.load(Order::relaxed) != 0) preempt_slow();
  {
    Fn<void()> entry = std::move(target::this_cpu()->current->entry);
    entry();
  }
  end_current();
}

Task::Core* running_task() { return target::this_cpu()->current; }
}  // namespace

void ostd::common::park_timeout_fired(TimerNode& n) {
  // SAFETY: the node is Task::Core::timeout; park() cancels it, waiting for us, before the task goes on.
  auto& t = *reinterpret_cast<Task::Core*>(reinterpret_cast<u8*>(&n) - __builtin_offsetof(Task::Core, timeout));
  t.timed_out.store(1, Order::relaxed);
  unpark(t);
}

ostd::common::TaskMemory& ostd::common::current_task_memory() {
  PerCpu& c = *target::this_cpu();
  return c.in_deferred || c.irq_nesting != 0 ? c.idle.memory : c.current->memory;
}

auto ostd::Task::spawn(const TaskOptions& options, Ref<Account> account, Fn<void()> entry) -> Result<Ref<Task>> {
  TRY(mem::reserve(kRecordPages + kStackPages));
  return spawn_reserved(options, Opt<Ref<Account>>(std::move(account)), std::move(entry));
}

auto ostd::Task::spawn_parked(const TaskOptions& options, Ref<Account> account, Fn<void()> entry) -> Result<Ref<Task>> {
  TRY(mem::reserve(kRecordPages + kStackPages));
  return make_task(options, Opt<Ref<Account>>(std::move(account)), std::move(entry), kParked);
}

ostd::Ref<ostd::Task> ostd::common::spawn_reserved(const TaskOptions& options, Opt<Ref<Account>> account, Fn<void()> entry) {
  Ref<Task> task = make_task(options, std::move(account), std::move(entry), 0);
  make_ready(task->core(), EnqueueReason::start);
  if (PerCpu& c = *target::this_cpu(); c.preempt_count == 0 && c.pending.load(Order::relaxed) != 0) preempt_slow();
  return task;
}

namespace {
// A task in no queue, with its life reference.
Ref<Task> make_task(const TaskOptions& options, Opt<Ref<Account>> account, Fn<void()> entry, u32 state) {
  auto* core = new Task::Core;
  Ref<Task> task = make_ref<Task>(core);
  // SAFETY: made two lines above as a mutable object; Ref shows objects as const to its users only.
  core->task = const_cast<Task*>(&*task);
  core->id = next_id.fetch_add(1, Order::relaxed);
  core->stack = target::stack_alloc();
  core->entry = std::move(entry);
  core->entity.params = options.sched;
  core->affinity.store(options.affinity.bits(), Order::relaxed);
  core->cpu.store(static_cast<u32>(cpu::current()), Order::relaxed);
  put_name(*core, options.name.view());
  if (account) task_memory_attach(core->memory, **account);
  core->account = std::move(account);
  make_context(*core, &run_entry);
  core->state.store(state, Order::relaxed);
  task_list_add(*core);
  detail::RefAccess::retain(*task);  // the life reference
  return task;
}
}  // namespace

void ostd::common::reap_dead() {
  PerCpu& c = *target::this_cpu();
  if (!c.dead) [[likely]] return;
  Task::Core& t = *c.dead;
  c.dead = nullptr;
  forget_context(t);
  target::stack_free(t.stack);
  detail::RefAccess::release(*t.task);
}

ostd::Task::~Task() {
  task_list_remove(*core_);
  delete core_;
}

ostd::u64 ostd::Task::id() const { return core_->id; }
void ostd::Task::set_name(std::string_view name) const { put_name(*core_, name); }
ostd::CpuId ostd::Task::last_cpu() const { return CpuId{core_->cpu.load(Order::relaxed)}; }
bool ostd::Task::running() const { return core_->on_cpu.load(Order::acquire) != 0 && !ended(); }
bool ostd::Task::runnable() const {
  const u32 s = core_->state.load(Order::acquire);
  return !ended() && ((s & kParked) == 0 || (s & kToken) != 0);
}
bool ostd::Task::ended() const { return core_->ended.load(Order::acquire) != 0; }
ostd::u64 ostd::Task::switches_voluntary() const { return core_->switches_voluntary.load(Order::relaxed); }
ostd::u64 ostd::Task::switches_involuntary() const { return core_->switches_involuntary.load(Order::relaxed); }
ostd::Duration ostd::Task::user_time() const { return Duration::nanos(static_cast<i64>(core_->user_ns.load(Order::relaxed))); }
ostd::Duration ostd::Task::system_time() const {
  u64 ns = core_->system_ns.load(Order::relaxed);
  // What the running task has used since the last border.
  if (core_ == running_task()) ns += target::clock_ns() - target::this_cpu()->stamp_ns.load(Order::relaxed);
  return Duration::nanos(static_cast<i64>(ns));
}
ostd::Status ostd::Task::join(Wait how) const {
  return core_->ended_waiters.wait_until(how, [this] { return ended(); });
}

ostd::Ref<ostd::Task> ostd::task::current() {
  const Task* t = running_task()->task;
  OSTD_CHECK(t != nullptr && "current() in a task");
  detail::RefAccess::retain(*t);
  return detail::RefAccess::adopt(t);
}
ostd::u64 ostd::task::current_id() { return running_task()->id; }
