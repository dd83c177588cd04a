// SPDX-License-Identifier: MPL-2.0
#include <services/process/filesystems.h>

namespace svc::proc {

Result<Ref<fs::FileSystem>> make_file_system(CapRef<fs::MountNamespace, fs::mounts::change> to, const System& system, std::string_view kind, std::string_view options) {
  const Opt<Ref<FileSystemType>> type = system.file_system_type(kind);
  if (!type) return Errc::no_device;
  return (*type)->make(to, options);
}

}  // namespace svc::proc
