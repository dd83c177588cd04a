// SPDX-License-Identifier: MPL-2.0
// What the process was started with and what follows from it.
#pragma once
#include "linux/host_io.h"
#include "linux/host_terminal.h"

#include <base/types.h>

namespace ostd::host {

struct Options {
  u32 cpus = 1;
  u64 memory = 256ULL << 20;
  const char* initramfs = nullptr;
  const char* command_line = "";
  bool isolated = false;  // user/gate.h
  bool patch = true;  // system call sites (user/patch.h)
  IoEngine io = IoEngine::automatic;
  TerminalKeys keys = TerminalKeys::guest;
};
const Options& options();
// Parses the arguments; on an error says what is wrong and exits with 2.
void parse_options(int argc, char** argv);

// Which host CPUs there are and whether threads are bound to them.
struct Placement {
  u32 cpus[64] = {};
  u32 count = 1;
  bool bind = false;
};
const Placement& placement();
void make_placement();

// Says why the machine cannot start, restores the terminal, exits with that code.
[[noreturn]] void refuse_start(const char* why, const char* detail = "", int code = 2);

void become_cpu0();

}  // namespace ostd::host
