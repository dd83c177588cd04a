// SPDX-License-Identifier: MPL-2.0
#include <base/array.h>
#include <base/checked.h>
#include <ostd/task.h>
#include <services/procfs/memory_file.h>

namespace svc::procfs {
namespace {

constexpr usize kPiece = 512;

// Up to the end of the page or of the piece.
usize piece_at(u64 address, usize left) {
  const usize page = kPageSize - (address & kPageMask);
  const usize most = page < kPiece ? page : kPiece;
  return left < most ? left : most;
}
bool outside(u64 address) { return address >= kUserEnd.value; }

}  // namespace

Result<usize> MemoryFile::read_at(const Context& who, u64 offset, Writer& to) const {
  const Opt<DynCap<vm::Vm>> held = vm();
  if (!held) return usize{0};
  const CapRef<vm::Vm, vm::memory::read> vm = TRY(held->as<vm::memory::read>(Errc::bad_descriptor));
  Array<u8, kPiece> piece{};
  usize done = 0;
  while (to.remaining() != 0) {
    const usize n = piece_at(offset + done, to.remaining());
    if (outside(offset + done) || !vm.peek(VirtAddr(offset + done), piece.items().subspan(0, n)).ok())
      return done != 0 ? Result<usize>(done) : Result<usize>(Errc::io);
    const Result<usize> put = to.write(piece.items().subspan(0, n));
    if (!put.ok()) return done != 0 ? Result<usize>(done) : put;
    done += n;
    ostd::task::preempt_point();
  }
  return done;
}

Result<usize> MemoryFile::write_at(const Context& who, u64 offset, Reader& from) const {
  const Opt<DynCap<vm::Vm>> held = vm();
  if (!held) return usize{0};
  const CapRef<vm::Vm, vm::memory::write> vm = TRY(held->as<vm::memory::write>(Errc::bad_descriptor));
  Array<u8, kPiece> piece{};
  usize done = 0;
  while (from.remaining() != 0) {
    const usize n = piece_at(offset + done, from.remaining());
    const Result<usize> got = from.read(piece.items().subspan(0, n));
    if (!got.ok()) return done != 0 ? Result<usize>(done) : got;
    if (outside(offset + done) || !vm.poke(VirtAddr(offset + done), piece.items().subspan(0, got.value())).ok())
      return done != 0 ? Result<usize>(done) : Result<usize>(Errc::io);
    done += got.value();
    ostd::task::preempt_point();
  }
  return done;
}

Result<usize> MemoryFile::read(const Context& who, Writer& to) const {
  const u64 at = position_.load();
  const usize n = TRY(read_at(who, at, to));
  position_.store(at + n);
  return n;
}
Result<usize> MemoryFile::write(const Context& who, Reader& from) const {
  const u64 at = position_.load();
  const usize n = TRY(write_at(who, at, from));
  position_.store(at + n);
  return n;
}

// Every 64-bit number is an address: negative results are positions, too.
Result<u64> MemoryFile::seek(i64 offset, fs::Whence whence) const {
  if (whence != fs::Whence::set && whence != fs::Whence::current) return Errc::invalid_argument;
  const u64 base = whence == fs::Whence::set ? 0 : position_.load();
  const u64 at = wrapping_add(base, low_bits<u64>(offset));
  position_.store(at);
  return at;
}

}  // namespace svc::procfs
