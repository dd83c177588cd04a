// SPDX-License-Identifier: MPL-2.0
#include <base/checked.h>
#include <base/format.h>
#include <services/procfs/subject.h>
#include <services/procfs/text_file.h>

namespace svc::procfs {
namespace {
constexpr usize kMostWritten = kPageSize;
}

Status TextFile::generate(const Context& who, String& out) const {
  switch (entry_.guard) {
    case Guard::none: return entry_.read(subject_, who, out);
    case Guard::thread: return grant_.thread ? entry_.traced_text(*grant_.thread, subject_, out) : Ok();
    case Guard::opened:
      if (grant_.text) out.append(grant_.text->view());
      return Ok();
    case Guard::text:
    case Guard::mappings:
    case Guard::memory: break;
  }
  if (entry_.guard == Guard::mappings) TRY(process_of(subject_));
  const Opt<DynCap<vm::Vm>> vm = grant_.memory ? grant_.memory->lock() : none;
  if (!vm) return Ok();
  return entry_.memory_text(TRY(vm->as<vm::memory::inspect | vm::memory::read>()), out);
}

// The text is made without the lock: it may be about this very file (fdinfo).
Status TextFile::refresh(const Context& who, u64 offset) const {
  const bool fresh = state_.with([&](State& s) { return s.filled && offset != 0 && offset == s.read_end; });
  if (fresh) return Ok();
  String text{};
  TRY(generate(who, text));
  state_.with([&](State& s) {
    std::swap(s.text, text);
    s.filled = true;
  });
  return Ok();
}

Result<usize> TextFile::copy(State& s, u64 offset, Writer& to) {
  if (offset >= s.text.size()) {
    s.read_end = offset;
    return usize{0};
  }
  const usize left = s.text.size() - offset;
  const usize n = TRY(to.write(s.text.bytes().subspan(offset, left < to.remaining() ? left : to.remaining())));
  s.read_end = offset + n;
  return n;
}

Result<usize> TextFile::read(const Context& who, Writer& to) const {
  if (entry_.guard == Guard::none && !entry_.read) return Errc::invalid_argument;
  if (to.remaining() == 0) return usize{0};
  const u64 at = state_.with([](State& s) { return s.position; });
  TRY(refresh(who, at));
  return state_.with([&](State& s) -> Result<usize> {
    const usize n = TRY(copy(s, s.position, to));
    s.position += n;
    return n;
  });
}

Result<usize> TextFile::read_at(const Context& who, u64 offset, Writer& to) const {
  if (entry_.guard == Guard::none && !entry_.read) return Errc::invalid_argument;
  if (to.remaining() == 0) return usize{0};
  TRY(refresh(who, offset));
  return state_.with([&](State& s) { return copy(s, offset, to); });
}

Result<usize> TextFile::write(const Context& who, Reader& from) const {
  if (!entry_.write) return subject_.process ? Errc::invalid_argument : Errc::io;
  const usize all = from.remaining();
  Vec<u8> raw = Vec<u8>::filled(all < kMostWritten ? all : kMostWritten, 0);
  const usize n = TRY(from.read(raw.items()));
  TRY(entry_.write(subject_, who, text_of(raw.items().subspan(0, n))));
  return all;
}

Result<u64> TextFile::seek(i64 offset, fs::Whence whence) const {
  return state_.with([&](State& s) -> Result<u64> {
    if (whence != fs::Whence::set && whence != fs::Whence::current) return Errc::invalid_argument;
    const Opt<i64> at = checked_add(whence == fs::Whence::set ? i64{0} : static_cast<i64>(s.position), offset);
    if (!at || *at < 0) return Errc::invalid_argument;
    s.position = static_cast<u64>(*at);
    return s.position;
  });
}

String TextFile::fdinfo() const {
  const u64 at = state_.with([](State& s) { return s.position; });
  return ostd::format("pos:\t{}\n", at);
}

}  // namespace svc::procfs
