// SPDX-License-Identifier: MPL-2.0
// Building the memory of a new program: scripts to interpreters, ELF segments, stack with arguments and auxiliary vector.
#pragma once
#include <services/process/elf.h>
#include <services/process/exec.h>

namespace svc::proc {

struct Image {
  Cap<vm::Vm, vm::memory::all> vm;
  u64 entry = 0;
  u64 stack_pointer = 0;
  Ref<fs::File> exe;             // the ELF file itself (not the script)
  String exe_path{};
  String command{};              // comm: last component of the path given
  bool usable = true;            // false: its segments or stack cannot be mapped; the program dies as it starts
};

struct ImageIds {                // AT_UID ...: ids after the set-id bits were honoured
  Uid uid{}, euid{};
  Gid gid{}, egid{};
  bool secure = false;
};

// Resolves "#!" (at most five levels), loads the file and its interpreter. May change r (argv of scripts, file).
Status resolve_script(const Context& who, const fs::FsContext& fs, ExecRequest& r);
Result<Image> build_image(const Context& who, const fs::FsContext& fs, ExecRequest& r, const ImageIds& ids, const Ref<Account>& account,
                          const vm::VmLimits& limits);

}  // namespace svc::proc
