// SPDX-License-Identifier: MPL-2.0
// The kernel command line [kernel-parameters]: words with double quotes; NAME=VALUE words the machine does not know become the
// first program's environment, other words and all after "--" its arguments, as on Linux.
#pragma once
#include <base/opt.h>
#include <base/string.h>
#include <base/vec.h>
#include <services/base/ids.h>

namespace svc::boot {

struct CommandLine {
  Opt<String> init{};
  bool strace = false;
  bool random_places = true;   // norandmaps: not
  bool testing = false;  // albireo.testing
  Vec<String> arguments{};
  Vec<String> environment{};
};
CommandLine parse_command_line(std::string_view text);
Vec<String> environment(const CommandLine& line);

}  // namespace svc::boot
