// SPDX-License-Identifier: MPL-2.0
// --isolated: host calls of stubs that change mappings or make threads wait for an answer, and only those that the OS has told that
// thread to make are let go on, each once and in order. What was told is noted here, in memory that no stub sees; what the stub
// says about itself is not believed. The calls take no pointers, so nothing can change between the answer and the call.
//
// When is a call over? A thread whose call was let go on does nothing before it has made it, so with one thread in the stub "let go
// on" is enough: no code of the program runs in between. With several threads the batch ends with a fence (kFenceCall): the
// thread makes it after the calls before it. A batch that comes back otherwise ends the program.
//
// Did it succeed? mmap: if not, only the program lacks it. munmap can fail only at the host's limit of mappings, so the OS
// counts how many there can be at most, and drops all before they come near it (tlb.cpp).
//
// Without --isolated gate_on() is false and the other functions do nothing.
#pragma once
#include "user/slot.h"

namespace ostd::host {

bool gate_on();
// Room for the notes of all slots. False: the host refuses.
bool gate_setup();
bool gate_start(int listener);

// Notes the commands that the slot's thread gets next; with a fence behind them if the stub has several threads, which is what it
// returns and the thread must be told. Nothing noted before is let go on any more.
bool gate_tell(Slot& s, const stub::Cmd* cmds, u32 n);
// The thread has come back. Whether it has made all calls, so that they are over; nothing is let go on any more.
bool gate_settle(Slot& s);
// Whether the thread may still make a call it was told to make.
bool gate_pending(const Slot& s);
// Around the birth of a process in the slot: its first call comes before its number is known.
void gate_birth(Slot& s);
void gate_born();
// With one vCPU: the answers come from the host CPU that it and its stubs are on now; waking another costs ten times as much.
void gate_near(u32 host_cpu);
// The host's limit of mappings of one process.
u64 gate_most_mappings();
// The slot's thread got its number.
void gate_number(const Slot& s);

}  // namespace ostd::host
