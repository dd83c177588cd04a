// SPDX-License-Identifier: MPL-2.0
#include "linux/host_features.h"

#include <string_view>

#include <fcntl.h>
#include <string.h>
#include <sys/auxv.h>
#include <unistd.h>

namespace ostd::host {
bool has_fsgsbase() { return (getauxval(AT_HWCAP2) & 2) != 0; }  // HWCAP2_FSGSBASE
bool has_bmi2() { return __builtin_cpu_supports("bmi2") != 0; }
usize host_bugs(std::span<char> to) {
  const int fd = open("/proc/cpuinfo", O_RDONLY | O_CLOEXEC);
  if (fd < 0) return 0;
  char text[3584];  // the first processor's part
  const ssize_t n = read(fd, text, sizeof text);
  close(fd);
  const std::string_view all(text, n > 0 ? static_cast<usize>(n) : 0);
  const usize line = all.find("\nbugs"), colon = all.find(':', line == all.npos ? all.size() : line), end = all.find('\n', colon);
  if (end == all.npos) return 0;
  const std::string_view names = all.substr(colon + 1, end - colon - 1).substr(0, to.size());
  memcpy(to.data(), names.data(), names.size());
  return names.size();
}
u64 signal_frame_size() { return getauxval(AT_MINSIGSTKSZ); }
}  // namespace ostd::host
