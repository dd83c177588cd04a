// SPDX-License-Identifier: MPL-2.0
// Open files and memory objects: rights that are known when compiling, and those of descriptors.
#include <services/fs/fd_table.h>
#include <services/fs/mapped_file.h>

namespace svc::fs {
namespace {

Result<usize> copy(const Context& who, CapRef<File, file::read | file::seek> from, CapRef<File, file::append> to, Writer& w, Reader& r) {
  static_cast<void>(TRY(from.read_at(who, 0, w)));
  return to.write_end(who, r, File::Position::stays);
}
Result<usize> by_descriptor(const Context& who, const FdTable& t, Fd fd, Writer& w, Reader& r) {
  const Cap<File, file::read | file::seek> from = TRY(t.get<file::read | file::seek>(fd));
  const Cap<File, file::write | file::append> to = TRY(t.get<file::write | file::append>(fd));
  return copy(who, from, to, w, r);
}
Result<UFrame> first_page(const DynCap<File>& f) {
  const DynCap<MemoryObject> pages = TRY(FileMemory::of(f, Prot{true, true, false}, true));
  const Result<CapRef<MemoryObject, memory_object::write>> o = pages.as<memory_object::write>();
  return o.ok() ? o.value().page_to_write(0) : Result<UFrame>(o.error());
}

}  // namespace
}  // namespace svc::fs
