// SPDX-License-Identifier: MPL-2.0
#include "linux/host_file.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

namespace ostd::host {

MappedFile map_file(const char* path) {
  const int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return {{}, errno};
  struct stat st{};
  MappedFile r{{}, 0};
  if (fstat(fd, &st) != 0) r.error = errno;
  else if (S_ISDIR(st.st_mode)) r.error = EISDIR;
  else if (st.st_size > 0) {
    // SAFETY: mapped for ever. A private mapping: what others write to the file later may or may not be seen, nothing of it is ours to write.
    void* p = mmap(nullptr, static_cast<usize>(st.st_size), PROT_READ, MAP_PRIVATE, fd, 0);
    if (p == MAP_FAILED) r.error = errno;
    else r.bytes = {static_cast<const u8*>(p), static_cast<usize>(st.st_size)};
  }
  close(fd);
  return r;
}
const char* error_text(int error) { return strerror(error); }

}  // namespace ostd::host
