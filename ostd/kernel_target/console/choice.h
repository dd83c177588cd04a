// SPDX-License-Identifier: MPL-2.0
// console= on the kernel command line, as Linux has it: each word adds one; options behind a comma are not looked at.
#pragma once
#include <boot/words.h>

namespace ostd::target {

struct ConsoleChoice { bool serial = false, virtio = false; };

// Words that name none of ours count for nothing; without any it is the serial port.
inline ConsoleChoice console_choice(std::string_view command_line) {
  ConsoleChoice c;
  for_words(command_line, [&](std::string_view word) {
    constexpr std::string_view kKey = "console=";
    if (!word.starts_with(kKey)) return;
    const std::string_view name = word.substr(kKey.size(), word.find(',') - kKey.size());
    if (name == "ttyS0") c.serial = true;
    if (name == "hvc0") c.virtio = true;
  });
  if (!c.virtio) c.serial = true;
  return c;
}

}  // namespace ostd::target
