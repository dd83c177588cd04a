// SPDX-License-Identifier: MPL-2.0
// Moving data between files without user memory: sendfile, copy_file_range, splice, tee. Between pipes pages change hands; else
// the bytes go through a page of the OS.
#pragma once
#include <services/fs/file.h>

namespace svc::fs {

// The sides of a copy. at: a position of its own, which moves on (sendfile, splice ... with an offset); nothing: the file's.
// positions: the same file again, if it has any; there is no `at` without.
struct CopySource {
  Cap<File, file::read> file;
  Opt<Cap<File, file::read | file::seek>> positions{};
  Opt<u64> at{};
};
struct CopyTarget {
  Cap<File, file::write> file;
  Opt<Cap<File, file::write | file::seek>> positions{};
  Opt<u64> at{};
};
// Errors: bad_descriptor without the right to read (write).
Result<CopySource> copy_source(const DynCap<File>& f);
Result<CopyTarget> copy_target(const DynCap<File>& f);
enum class Blocking : u8 { yes, no };

// Up to n bytes from a seekable file to any but a pipe. Errors: those of reading and writing when nothing was copied.
Result<usize> copy_bytes(const Context& who, CopySource& from, CopyTarget& to, usize n);
// One of the two is a pipe, or both. Waits (interruptible: restart_syscall) for data or room, unless Blocking::no: again.
// Errors: broken_pipe and those of the files.
Result<usize> splice(const Context& who, CopySource& from, CopyTarget& to, usize n, Blocking blocking);
// Both are pipes, not the same. The data stays in the first. The same errors.
Result<usize> tee(CapRef<File, file::read> from, CapRef<File, file::write> to, usize n, Blocking blocking);
// For memory (vmsplice): what there is or has room, once; waits for the first of it. f is a pipe.
Result<usize> pipe_read(const Context& who, CapRef<File, file::read> f, Writer& to, Blocking blocking);
Result<usize> pipe_write(const Context& who, CapRef<File, file::write> f, Reader& from, Blocking blocking);
// Whether it is a pipe, and whether two are ends of one.
bool is_pipe(const File& f);
bool same_pipe(const File& a, const File& b);

}  // namespace svc::fs
