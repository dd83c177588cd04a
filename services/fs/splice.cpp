// SPDX-License-Identifier: MPL-2.0
// splice and its relatives.
#include <ostd/task.h>
#include <services/fs/pipe_file.h>
#include <services/fs/splice.h>

namespace svc::fs {
namespace {

// What is read into the page comes from `from`; a seekable file's position has not moved yet.
Result<usize> fetch(const Context& who, const CopySource& from, std::span<u8> page) {
  Writer w = Writer::buffer(page);
  if (!from.positions) return from.file.read(who, w);
  const u64 at = from.at ? *from.at : TRY((*from.positions).seek(0, Whence::current));
  return (*from.positions).read_at(who, at, w);
}
Result<usize> store(const Context& who, CopyTarget& to, std::span<const u8> bytes) {
  Reader r = Reader::buffer(bytes);
  if (!to.at) return to.file.write(who, r);
  const usize n = TRY((*to.positions).write_at(who, *to.at, r));
  to.at = *to.at + n;
  return n;
}
// n bytes of what was fetched have arrived.
void advance(CopySource& from, usize n) {
  if (from.at) from.at = *from.at + n;
  else if (from.positions) static_cast<void>((*from.positions).seek(static_cast<i64>(n), Whence::current).ok());
}

Status wait_for_data(const Pipe& p, Blocking blocking) {
  if (p.has_data() || p.writers.load() == 0) return Ok();
  if (blocking == Blocking::no) return Errc::again;
  if (!p.readable.wait_exclusive(Wait::interruptible, [&] { return p.has_data() || p.writers.load() == 0; }).ok()) return Errc::restart_syscall;
  return Ok();
}
Status wait_for_room(const Pipe& p, Blocking blocking) {
  if (p.readers.load() != 0 && !p.has_room()) {
    if (blocking == Blocking::no) return Errc::again;
    if (!p.writable.wait_exclusive(Wait::interruptible, [&] { return p.has_room() || p.readers.load() == 0; }).ok()) return Errc::restart_syscall;
  }
  if (p.readers.load() == 0) return Errc::broken_pipe;
  return Ok();
}

Result<usize> between_pipes(const Pipe& from, const Pipe& to, usize n, Pipe::Transfer how, Blocking blocking) {
  for (;;) {
    TRY(wait_for_data(from, blocking));
    TRY(wait_for_room(to, blocking));
    const bool ended = from.writers.load() == 0;  // before the look into the pipe, as in read(2)
    const usize done = TRY(Pipe::transfer(from, to, n, how));
    if (done != 0 || ended) return done;
  }
}

// One piece, of a page at most: what came from a file that cannot seek must find room whole.
Result<usize> into_pipe(const Context& who, CopySource& from, const CopyTarget& to, const Pipe& p, usize n, Blocking blocking) {
  TRY(wait_for_room(p, blocking));
  Vec<u8> page = Vec<u8>::filled(kPageSize, 0);
  usize done = 0;
  while (done < n && (done == 0 || p.has_room())) {
    const Result<usize> got = fetch(who, from, page.items().subspan(0, n - done < kPageSize ? n - done : kPageSize));
    if (!got.ok()) return done != 0 ? Result<usize>(done) : got;
    if (got.value() == 0) break;
    Reader r = Reader::buffer(page.items().subspan(0, got.value()));
    const Result<usize> put = to.file.write(who, r);
    if (!put.ok()) return done != 0 ? Result<usize>(done) : put;
    advance(from, put.value());
    done += put.value();
    if (put.value() < kPageSize) break;
    ostd::task::preempt_point();
  }
  return done;
}

// What cannot be stored stays in the pipe.
Result<usize> out_of_pipe(const Context& who, const Pipe& p, CopyTarget& to, usize n, Blocking blocking) {
  TRY(wait_for_data(p, blocking));
  Vec<u8> page = Vec<u8>::filled(kPageSize, 0);
  usize done = 0;
  while (done < n) {
    bool was_full = false;
    Opt<Pipe::Slot> s = p.take_first(n - done, was_full);
    if (!s) break;
    Writer w = Writer::buffer(page.items());
    const usize got = TRY(w.write_from(*s->frame, s->offset, s->length));
    usize stored = 0;
    while (stored < got) {
      const Result<usize> put = store(who, to, page.items().subspan(stored, got - stored));
      if (put.ok() && put.value() != 0) {
        stored += put.value();
        continue;
      }
      s->offset += static_cast<u32>(stored);
      s->length -= static_cast<u32>(stored);
      p.put_back(*std::move(s));
      return done + stored != 0 ? Result<usize>(done + stored) : put;
    }
    if (was_full) p.writable.wake_all(poll::writable.bits);
    done += got;
    ostd::task::preempt_point();
  }
  return done;
}

}  // namespace

Result<CopySource> copy_source(const DynCap<File>& f) {
  CopySource s{TRY(f.share<file::read>(Errc::bad_descriptor))};
  if (f.allows(file::seek)) s.positions = TRY(f.share<file::read | file::seek>());
  return s;
}
Result<CopyTarget> copy_target(const DynCap<File>& f) {
  CopyTarget t{TRY(f.share<file::write>(Errc::bad_descriptor))};
  if (f.allows(file::seek)) t.positions = TRY(f.share<file::write | file::seek>());
  return t;
}

bool is_pipe(const File& f) { return ref_of(f).is<PipeFile>(); }
bool same_pipe(const File& a, const File& b) {
  const Opt<Ref<PipeFile>> x = ref_of(a).as<PipeFile>(), y = ref_of(b).as<PipeFile>();
  return x && y && (*x)->same_pipe(**y);
}

Result<usize> copy_bytes(const Context& who, CopySource& from, CopyTarget& to, usize n) {
  Vec<u8> page = Vec<u8>::filled(kPageSize, 0);
  usize done = 0;
  while (done < n) {
    const Result<usize> got = fetch(who, from, page.items().subspan(0, n - done < kPageSize ? n - done : kPageSize));
    if (!got.ok()) return done != 0 ? Result<usize>(done) : got;
    if (got.value() == 0) break;
    const Result<usize> put = store(who, to, page.items().subspan(0, got.value()));
    if (!put.ok()) return done != 0 ? Result<usize>(done) : put;
    advance(from, put.value());
    done += put.value();
    if (put.value() < got.value()) break;
    ostd::task::preempt_point();
  }
  return done;
}

Result<usize> splice(const Context& who, CopySource& from, CopyTarget& to, usize n, Blocking blocking) {
  const Opt<Ref<Pipe>> in = PipeFile::source(from.file), out = PipeFile::target(to.file);
  if (in && out) return between_pipes(**in, **out, n, Pipe::Transfer::move, blocking);
  if (in) return out_of_pipe(who, **in, to, n, blocking);
  if (!out) return Errc::invalid_argument;
  return into_pipe(who, from, to, **out, n, blocking);
}

Result<usize> pipe_read(const Context& who, CapRef<File, file::read> f, Writer& to, Blocking blocking) {
  const Opt<Ref<Pipe>> in = PipeFile::source(f);
  if (!in) return Errc::bad_descriptor;
  const Pipe& p = **in;
  for (;;) {
    TRY(wait_for_data(p, blocking));
    const bool ended = p.writers.load() == 0;
    bool was_full = false, now_empty = false;
    const usize n = TRY(p.take(to, was_full, now_empty));
    if (was_full) p.writable.wake_all(poll::writable.bits);
    if (n != 0 && !now_empty) p.readable.wake_one(poll::readable.bits);
    if (n != 0 || ended) return n;
  }
}
Result<usize> pipe_write(const Context& who, CapRef<File, file::write> f, Reader& from, Blocking blocking) {
  const Opt<Ref<Pipe>> out = PipeFile::target(f);
  if (!out) return Errc::bad_descriptor;
  const Pipe& p = **out;
  for (;;) {
    TRY(wait_for_room(p, blocking));
    const Pipe::Put n = TRY(p.put(from, false));
    if (n.count != 0) p.readable.wake_one(poll::readable.bits);
    if (n.count != 0 || n.cut) return n.count;
  }
}

Result<usize> tee(CapRef<File, file::read> from, CapRef<File, file::write> to, usize n, Blocking blocking) {
  const Opt<Ref<Pipe>> in = PipeFile::source(from), out = PipeFile::target(to);
  if (!in || !out) return Errc::invalid_argument;
  return between_pipes(**in, **out, n, Pipe::Transfer::copy, blocking);
}

}  // namespace svc::fs
