// SPDX-License-Identifier: MPL-2.0
// The filter of stub processes: host calls only from the trampoline's code, only the few it needs and those only with the
// arguments it has for them; every other system call instruction becomes SIGSYS. With Calls::asked, those that change what is
// mapped or make threads come to a listener file of the OS, which answers each.
#pragma once
#include <base/types.h>

namespace ostd::host {

enum class Calls : u8 { free, asked };

// Writes u16 length, u32 flags of seccomp(2) at +4, the program at +8. Requires: room for 2048 bytes.
void write_stub_filter(u8* at, Calls mapping);

// A call that waits for an answer.
struct AskedCall {
  u64 id;
  int tid;
  u64 nr;
  u64 a[6];
};
// Waits for the next one. False: the caller asks again (its thread has ended, or a signal came).
bool asked_next(int listener, AskedCall& call);
void asked_let(int listener, const AskedCall& call);              // the host does it
void asked_skip(int listener, const AskedCall& call, bool success);  // it is not done; its result is 0 or -EPERM

}  // namespace ostd::host
