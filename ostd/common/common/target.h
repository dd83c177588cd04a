// SPDX-License-Identifier: MPL-2.0
// What each target gives to ostd/common. Private to ostd: services never see it. Defined out of line by both targets with
// qualified names; the inline parts are in <ostd/target/cpu.h> and <ostd/target/sync.h>.
//
// Words: a *CPU* is a processor (kernel) or a vCPU thread (host). *Interrupts off* means: no callback, deferred work, inter-CPU
// call or preemption happens on this CPU. On the host interrupts are only looked at in poll_interrupts(), which the common code
// calls where the kernel would take one: when interrupts are switched on again, at preemption points, while spinning.
#pragma once
#include <base/types.h>
#include <ostd/address_space.h>
#include <ostd/machine.h>
// this_cpu() -> common::PerCpu*, set_this_cpu() (common::start and cpu_main call it first), current_cpu_index(), irqs_on(),
// irq_disable(), irq_enable(), cpu_relax(), before_switch() (interrupts off, right before each jump_fcontext or make_fcontext),
// struct AddressSpaceData: the target's part of AddressSpace::Core, default constructible.
#include <ostd/target/cpu.h>
#include <ostd/target/sync.h>  // RawSpin: constexpr constructible; const lock(), try_lock(), unlock(), held()
#include <ostd/user.h>

namespace ostd::target {

// ---- physical memory ----------------------------------------------------------------------------------------------------
struct MemoryRegion { PhysAddr begin; PhysAddr end; };
// Memory the frame allocator may use, sorted, page aligned; without what the target itself needs.
std::span<const MemoryRegion> usable_memory();
PhysAddr highest_memory();            // end of the highest region (sizes the frame metadata array)
u8* phys_to_virt(PhysAddr p);         // the direct map; valid for every usable region
PhysAddr virt_to_phys(const void* p);  // of a direct-map pointer
// Memory for the metadata array, before the frame allocator exists: taken from a usable region, zeroed, never freed.
void* early_alloc(usize bytes);

// ---- stacks -------------------------------------------------------------------------------------------------------------
struct Stack { u8* low; usize size; };  // usable bytes [low, low+size); a guard page below faults
Stack stack_alloc();                     // from a pool; draws on the task's credit
void stack_free(Stack s);

// ---- addresses of heap blocks made of single frames (mem/pieces.h, which alone calls these) ----------------------------
// That many addresses, aligned, nothing mapped; nullptr: there are none. Called once, before the frame allocator works.
u8* piece_area(u64 size, u64 align);
// `table` holds the entries of the 2 MiB from `at` on, for ever. May take frames that nobody pays for.
void add_piece_table(u8* at, PhysAddr table);
// The word that makes an entry map this frame: bit 0 set, the address in bits 12 to 51.
u64 piece_entry(PhysAddr frame);
// The pages from `at` on are to be usable: their entries, all in one table, have been written.
void map_pieces(u8* at, std::span<const u64> entries);
// The entries of these pages map nothing any more. The caller's CPU forgets them now, others when they like.
void unmap_pieces(u8* at, usize pages);
// Begins to make all CPUs forget every unmapped page; does not wait, any context. Not called again before it is done.
void forget_pieces();
bool pieces_forgotten();  // done

// ---- CPUs ---------------------------------------------------------------------------------------------------------------
u32 cpu_count();
// Starts every other CPU; each calls common::cpu_main(index) on a boot stack and never returns from it.
void start_other_cpus();
// Makes that CPU run common::serve_ipi() soon (kernel: an IPI; host: eventfd/futex wake and, when it runs user code, a signal
// to its stub thread). Cheap when the CPU is awake and in OS code: the request bits are in common::PerCpu already.
void send_ipi(u32 cpu);
// Called with interrupts off when nothing is to be run. Sleeps until an interrupt, an IPI or the deadline, with no lost
// wake-up for IPIs sent since interrupts were switched off; returns with interrupts off, after having handled what arrived.
void idle(Instant deadline);
// This CPU has waited for another one for a while. Host: lets another thread have the processor; kernel: a pause.
void give_way();
// Host: delivers pending interrupts now (interrupts are on). Kernel: nothing.
void poll_interrupts();

// ---- time ---------------------------------------------------------------------------------------------------------------
u64 clock_ns();                 // monotonic since boot, equal on all CPUs
i64 wall_at_boot_ns();          // wall clock minus clock_ns(), as the machine's clock says
void arm_timer(Instant deadline);  // this CPU's one-shot timer; calls common::timer_interrupt(); never(): off

// ---- user mode ----------------------------------------------------------------------------------------------------------
// TLBs. Called after the page table has changed and its range is unlocked, never with a spinlock held. Returns when no CPU
// uses the old entries any more. wholly: more than a few pages changed, drop everything of this address space.
struct FlushBatch { std::span<const VirtRange> ranges; bool wholly = false; };
void tlb_flush(AddressSpace::Core& as, const FlushBatch& batch);
// Hooks around the life of an address space (host: takes a stub process from the pool / gives it back).
Status address_space_init(AddressSpace::Core& as);
void address_space_fini(AddressSpace::Core& as);

// user::run and the UserContext members are defined by each target directly (ostd/user.h). The common code gives them
// common::user_loop_prologue(): true when user mode must not be entered now (disturbed, kicked or rescheduling needed handled).

// ---- the end ------------------------------------------------------------------------------------------------------------
[[noreturn]] void power_off(u8 code);
[[noreturn]] void power_reboot();
[[noreturn]] void power_halt();
// Lowest-level console output, usable in a panic: no locks, no allocation.
void console_write_raw(std::string_view text);
// Stops the other CPUs as well as it can (panic).
void stop_other_cpus();
// Return addresses of the caller's stack, innermost first; how many.
usize backtrace(std::span<u64> addresses);
// Name of the function at an address; empty when not known. offset gets the distance from its start.
std::string_view symbol_name(u64 address, u64& offset);

// Bytes of entropy from the processor or host.
void entropy(std::span<u8> to);

// ---- console and interrupts ---------------------------------------------------------------------------------------------
// Console is defined per target behind ostd/machine.h. Interrupt lines: the target calls common::irq_raised(n) for the line it
// calls n, and keeps masked lines quiet. All lines are masked at first. Any context.
void irq_mask(u32 line, bool masked);

}  // namespace ostd::target

// Called by the targets.
namespace ostd::common {
// What targets need of page tables is in common/page_table.h (the host fills its stubs by pte_claim_run).
// The target's data in an address space, made before address_space_init() and destroyed after address_space_fini().
target::AddressSpaceData& target_data(AddressSpace::Core& as);
// Kernel: its top-level table (512 entries; the lower 256 are the user's). Allocated and zeroed before address_space_init() is
// called, which fills the upper half. A flush that is to be followed by freeing tables of a living address space is `wholly`.
PhysAddr table_root(AddressSpace::Core& as);

// The target's entry calls this on the boot CPU when memory regions, console and CPU 0 are ready. Brings up the frame
// allocator, heap, scheduler and the other CPUs, then runs machine_main(boot) in the first task. make_boot is called once the
// heap works. Never returns.
[[noreturn]] void start(Boot (*make_boot)());
[[noreturn]] void cpu_main(u32 index);

inline constexpr u32 kIrqLines = 1024;  // lines are numbered below this
void irq_raised(u32 line);  // interrupts off: runs the callback of the line's owner
void timer_interrupt();  // interrupts off
void serve_ipi();        // interrupts off: inter-CPU calls, reschedule requests, stop
// At the end of every interrupt taken in OS or user context (kernel) / in poll_interrupts (host): runs deferred work that was
// scheduled, with interrupts on, when no spinlock is held and deferred work is not already running on this CPU.
void irq_exit();

// Before entering user mode, interrupts on: runs deferred work, reschedules when needed. Then true when the caller must
// return UserEvent::interrupted (disturbed or kicked).
bool before_user();
// CPU-time accounting: called right before entering and right after leaving user mode (interrupts off, clock_ns given).
void user_enter(u64 now_ns);
void user_exit(u64 now_ns);
// Interrupts off: must this CPU leave user mode (reschedule, kick, disturbance of the current task)? Checked by the host before
// it hands over to the stub and by the kernel before sysret/iretq.
bool user_work_pending();
}  // namespace ostd::common
