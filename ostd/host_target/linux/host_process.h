// SPDX-License-Identifier: MPL-2.0
// Processes of the host: the zygote, signals to stub threads, the end of stubs.
#pragma once
#include <base/types.h>

namespace ostd::host {

struct ZygoteFiles { int phys; int exchange; int code; int socket; };  // socket: -1, or where it sends its filter's listener to

// Forks the zygote: a child with only the three files (as 0, 1, 2), all signals blocked, its own session, killed when this
// process dies, that starts in the trampoline's boot code. `boot` is that code's offset in the code file. Its exchange page lies
// at `slot_offset` of the exchange file. Returns the process id or -errno.
int start_zygote(const ZygoteFiles& files, u64 boot, u64 slot_offset);

// Two ends of a socket for the listener of the zygote's filter: one stays here, the other is the zygote's.
bool listener_way(int& here, int& there);
// After the zygote was started: closes both and returns the listener; -1: the zygote has none.
int listener_receive(int here, int there);

int own_pid();
int own_tid();
void kill_thread_group_of(int tid);
// Sends a signal to one thread; false when it is gone.
bool signal_thread(int pid, int tid, int signal);
void kill_process(int pid);

// Waits for the end of any child without collecting it; pid 0: there is no child.
struct Ended { int pid; bool killed; int status; };  // status: exit status, or the signal
Ended wait_any_ended();
void collect(int pid);

// Binds a thread (0: the caller) to a host CPU; to all that this process may use.
void unbind_thread(int tid);
void bind_thread(int tid, u32 host_cpu);
// The host CPUs this process may use; how many, at most max are stored.
u32 host_cpus(u32* cpus, u32 max);

}  // namespace ostd::host
