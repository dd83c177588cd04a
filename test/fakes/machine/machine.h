// SPDX-License-Identifier: MPL-2.0
// A fake machine for unit tests of ostd/common: its memory is a piece of this process, its CPUs are threads of the test, and its
// TLBs are a record of what was flushed.
#pragma once
#include <common/task_memory.h>
#include <common/target.h>
#include <functional>
#include <vector>

namespace fake {

// Makes the calling thread CPU `index` for as long as it lives; the machine is started by the first.
class OnCpu {
 public:
  explicit OnCpu(ostd::u32 index = 0);
  ~OnCpu();
  OnCpu(const OnCpu&) = delete;
};

struct Flush {
  ostd::AddressSpace::Core* as;
  std::vector<ostd::VirtRange> ranges;
  bool wholly;
};
// Every tlb_flush since the last clear(), of one-CPU tests; hook runs inside each.
extern std::vector<Flush> flushes;
extern std::function<void()> on_flush;

// Runs f as a task that is paid for by `account`.
void as_task(const ostd::Account& account, const std::function<void()>& f);
// The account of the whole machine.
ostd::Ref<ostd::Account> root();
// Frames that nobody uses but perhaps the heap, whose caches depend on what ran before.
ostd::usize free_frames();
// While one lives the next address_space_init fails.
extern bool refuse_address_spaces;
// While true, CPUs never get round to forgetting the addresses of freed heap blocks.
extern bool slow_to_forget;

}  // namespace fake
