// SPDX-License-Identifier: MPL-2.0
// Pipes: a ring of pages, as many as F_SETPIPE_SZ says (16). Small writes share the last page. [pipe(7), fifo(7)]
// Lock order: the pipe's mutex (kPipe) is held over the copies from and to user memory, so reads and writes of one pipe exclude
// each other; waiting happens without it.
#include <base/format.h>
#include <services/fs/pipe.h>
#include <services/fs/pipe_file.h>

namespace svc::fs {
namespace {

constexpr usize kMostSlots = 256;  // 1 MiB: fs.pipe-max-size

}  // namespace

bool Pipe::has_data() const { return used_.load(Order::acquire) != 0; }
bool Pipe::has_room() const { return used_.load(Order::acquire) < slots_.load(Order::relaxed); }

Result<usize> Pipe::take(Writer& to, bool& was_full, bool& now_empty) const {
  return ring_.with([&](Ring& r) -> Result<usize> {
    usize done = 0;
    was_full = r.slots.size() - r.first >= slots_.load(Order::relaxed);
    while (r.first < r.slots.size() && to.remaining() != 0) {
      const Result<Moved> got = r.slots[r.first].give(to);
      if (!got.ok()) {
        if (done == 0) return Err(got.error());
        break;
      }
      done += got.value().count;
      if (got.value().finished) r.drop_first();
      if (got.value().stop) break;
    }
    used_.store(r.slots.size() - r.first, Order::release);
    now_empty = r.first == r.slots.size();
    return done;
  });
}

// Hands on as much of one slot as the destination takes. A packet is given up whole, whatever was taken of it.
Result<Pipe::Moved> Pipe::Slot::give(Writer& to) {
  const usize n = length < to.remaining() ? length : to.remaining();
  const usize got = TRY(to.write_from(*frame, offset, n));
  offset += static_cast<u32>(got);
  length -= static_cast<u32>(got);
  return Moved{got, length == 0 || packet, got < n || packet};
}

void Pipe::Ring::drop_first() {
  // One page is kept for the next write: a pipe that passes small messages allocates nothing.
  if (!spare && slots[first].frame->share_count() == 1) spare = slots[first].frame.take();
  slots[first].frame.reset();
  ++first;
  if (first == slots.size()) {
    slots.clear();
    first = 0;
  } else if (first >= 64) {
    for (usize i = first; i < slots.size(); ++i) std::swap(slots[i - first], slots[i]);
    slots.truncate(slots.size() - first);
    first = 0;
  }
}

// The first slot, or the first n bytes of it.
Pipe::Slot Pipe::Ring::take_first(usize n) {
  Slot s = slots[first];
  if (n >= s.length) {
    drop_first();
    return s;
  }
  s.length = static_cast<u32>(n);
  s.shared = true;
  slots[first].offset += s.length;
  slots[first].length -= s.length;
  return s;
}

void Pipe::Ring::put_first(Slot s) {
  if (first != 0) {
    slots[--first] = std::move(s);
    return;
  }
  slots.push_back(std::move(s));
  for (usize i = slots.size() - 1; i != 0; --i) std::swap(slots[i], slots[i - 1]);
}

Opt<Pipe::Slot> Pipe::take_first(usize n, bool& was_full) const {
  return ring_.with([&](Ring& r) -> Opt<Slot> {
    was_full = r.slots.size() - r.first >= slots_.load(Order::relaxed);
    if (r.first == r.slots.size()) return none;
    Slot s = r.take_first(n);
    used_.store(r.slots.size() - r.first, Order::release);
    return Opt<Slot>(std::move(s));
  });
}

void Pipe::put_back(Slot s) const {
  ring_.with([&](Ring& r) {
    r.put_first(std::move(s));
    used_.store(r.slots.size() - r.first, Order::release);
  });
  readable.wake_one(poll::readable.bits);
}

// As Linux: what is over full pages joins the last page if it has room for that, all else takes new pages. So a write of up to
// PIPE_BUF bytes goes in whole or not at all. A page that could not be filled for a bad address does not come in.
Result<Pipe::Put> Pipe::put(Reader& from, bool packet) const {
  return ring_.with([&](Ring& r) -> Result<Put> {
    Put put{};
    const usize most = slots_.load(Order::relaxed);
    const usize rest = from.remaining() & kPageMask;
    if (!packet && rest != 0 && r.first < r.slots.size()) {
      Slot& s = r.slots.back();
      const usize end = s.offset + s.length;
      if (!s.packet && !s.shared && end + rest <= kPageSize) {
        if (TRY(from.read_to(*s.frame, end, rest)) < rest) return Errc::fault;
        s.length += static_cast<u32>(rest);
        put.count = rest;
      }
    }
    while (from.remaining() != 0 && r.slots.size() - r.first < most) {
      if (!r.spare) {
        TRY(mem::reserve(2));
        r.spare = UFrame::alloc(Zero::no);
      }
      const usize n = kPageSize < from.remaining() ? kPageSize : from.remaining();
      const Result<usize> got = from.read_to(*r.spare, 0, n);
      put.cut = !got.ok() || got.value() < n;
      if (put.cut && put.count == 0) return got.ok() ? Errc::fault : got.error();
      if (put.cut) break;
      Slot s{};
      s.frame = r.spare.take();
      s.packet = packet;
      s.length = static_cast<u32>(n);
      r.slots.push_back(std::move(s));
      put.count += n;
    }
    used_.store(r.slots.size() - r.first, Order::release);
    return put;
  });
}

Result<usize> Pipe::transfer(const Pipe& from, const Pipe& to, usize n, Transfer how) {
  TRY(mem::reserve(2));
  bool was_full = false;
  const usize done = lock_pair(from.ring_, to.ring_, [&](Ring& a, Ring& b) {
    was_full = a.slots.size() - a.first >= from.slots_.load(Order::relaxed);
    usize moved = 0;
    for (usize i = a.first; moved < n && i < a.slots.size() && b.slots.size() - b.first < to.slots_.load(Order::relaxed);) {
      Slot s{};
      if (how == Transfer::copy) {
        s = a.slots[i++];
        if (n - moved < s.length) s.length = static_cast<u32>(n - moved);
        s.shared = true;
      } else {
        s = a.take_first(n - moved);
        i = a.first;
      }
      moved += s.length;
      b.slots.push_back(std::move(s));
    }
    from.used_.store(a.slots.size() - a.first, Order::release);
    to.used_.store(b.slots.size() - b.first, Order::release);
    return moved;
  });
  if (done != 0) to.readable.wake_one(poll::readable.bits);
  if (done != 0 && was_full && how == Transfer::move) from.writable.wake_all(poll::writable.bits);
  return done;
}

u32 Pipe::bytes() const {
  return ring_.with([](Ring& r) {
    u32 n = 0;
    for (usize i = r.first; i < r.slots.size(); ++i) n += r.slots[i].length;
    return n;
  });
}

Result<u32> Pipe::resize(Opt<u32> change) const {
  if (!change) return static_cast<u32>(slots_.load() * kPageSize);
  if (*change > 0x8000'0000) return Errc::invalid_argument;
  usize slots = 1;
  while (slots * kPageSize < *change) slots *= 2;
  if (slots > kMostSlots) return Errc::not_permitted;
  if (used_.load() > slots) return Errc::busy;
  slots_.store(slots);
  writable.wake_all(poll::writable.bits);
  return static_cast<u32>(slots * kPageSize);
}

// ---- one end ----

Opt<Ref<Pipe>> PipeFile::of(const File& f) {
  const Opt<Ref<PipeFile>> p = ref_of(f).as<PipeFile>();
  return p ? Opt<Ref<Pipe>>((*p)->pipe_) : Opt<Ref<Pipe>>();
}

PipeFile::PipeFile(Ref<Pipe> p, u32 flags, Opt<Ref<Inode>> inode) : File(flags), pipe_(std::move(p)), inode_(std::move(inode)) {
  if (readable()) pipe_->readers.fetch_add(1);
  if (writable()) pipe_->writers.fetch_add(1);
}
PipeFile::~PipeFile() {
  if (readable() && pipe_->readers.fetch_sub(1) == 1) pipe_->writable.wake_all((poll::err | poll::writable).bits);
  if (writable() && pipe_->writers.fetch_sub(1) == 1) pipe_->readable.wake_all((poll::hup | poll::readable).bits);
}

Result<usize> PipeFile::read(const Context& who, Writer& to) const {
  if (to.remaining() == 0) return usize{0};
  for (bool slept = false;; slept = true) {
    bool was_full = false, now_empty = false;
    // Before the look into the pipe: the last writer may write and close in between.
    const bool ended = pipe_->writers.load() == 0;
    const usize n = TRY(pipe_->take(to, was_full, now_empty));
    if (n != 0) {
      if (was_full) pipe_->writable.wake_all(poll::writable.bits);
      if (slept && !now_empty) pipe_->readable.wake_one(poll::readable.bits);
      return n;
    }
    if (ended) return usize{0};
    if (nonblocking(who)) return Errc::again;
    if (!pipe_->readable.wait_exclusive(Wait::interruptible, [&] { return pipe_->has_data() || pipe_->writers.load() == 0; }).ok()) return Errc::restart_syscall;
  }
}

Result<usize> PipeFile::write(const Context& who, Reader& from) const {
  usize done = 0;
  const bool packet = (flags() & oflag::direct) != 0;
  if (from.remaining() == 0) return usize{0};
  for (;;) {
    if (pipe_->readers.load() == 0) return done != 0 ? Result<usize>(done) : Result<usize>(Errc::broken_pipe);
    const Result<Pipe::Put> put = pipe_->put(from, packet);
    if (!put.ok()) return done != 0 ? Result<usize>(done) : Result<usize>(Err(put.error()));
    const Pipe::Put& n = put.value();
    done += n.count;
    // Also when there was data already: an edge-triggered epoll hears of every write.
    if (n.count != 0) pipe_->readable.wake_one(poll::readable.bits);
    if (from.remaining() == 0 || n.cut) return done;
    if (nonblocking(who)) return done != 0 ? Result<usize>(done) : Result<usize>(Errc::again);
    if (!pipe_->writable.wait_exclusive(Wait::interruptible, [&] { return pipe_->readers.load() == 0 || pipe_->has_room(); }).ok())
      return done != 0 ? Result<usize>(done) : Result<usize>(Errc::restart_syscall);
  }
}

PollEvents PipeFile::poll() const {
  PollEvents e{};
  if (readable()) {
    // First: an end without data is told only when nothing was written before it.
    if (pipe_->writers.load() == 0 && pipe_->had_writer.load() != 0) e = e | poll::hup;
    if (pipe_->has_data()) e = e | poll::readable;
  }
  if (writable()) {
    if (pipe_->has_room()) e = e | poll::writable;
    if (pipe_->readers.load() == 0) e = e | poll::err;
  }
  return e;
}
void PipeFile::poll_add(Ref<WaitHook> hook) const {
  if (readable()) pipe_->readable.add_hook(hook);
  if (writable()) pipe_->writable.add_hook(std::move(hook));
}
void PipeFile::poll_remove(const WaitHook& hook) const {
  if (readable()) pipe_->readable.remove_hook(hook);
  if (writable()) pipe_->writable.remove_hook(hook);
}

Result<i64> PipeFile::ioctl(const Context& who, u32 command, u64 argument) const {
  constexpr u32 kFionread = 0x541b;
  if (command != kFionread) return Errc::not_a_terminal;
  TRY(user::write(who.address_space(), VirtAddr(argument), pipe_->bytes()));
  return i64{0};
}
String PipeFile::link_text() const { return ostd::format("pipe:[{}]", pipe_->ino); }

Result<PipeEnds> PipeFs::make_pipe(const Context& who, u32 flags) const {
  const Ref<Pipe> p = make_ref<Pipe>(next_.fetch_add(1));
  p->had_writer.store(1);
  const u32 kept = flags & (oflag::nonblock | oflag::direct);
  const Opt<Ref<Inode>> inode(pipe_inode(ref_of(*this), p, who.credentials().values().fsuid, who.credentials().values().fsgid));
  return PipeEnds{Ref<File>(make_ref<PipeFile>(p, oflag::rdonly | kept, inode)), Ref<File>(make_ref<PipeFile>(p, oflag::wronly | kept, inode))};
}

// fifo(7): reading waits for a writer, writing for a reader, O_RDWR for nobody.
Result<Ref<File>> open_fifo(const Ref<Inode>& inode, u32 flags) {
  if (!inode->attachment.is_set()) static_cast<void>(inode->attachment.set(Ref<RefCounted>(make_ref<Pipe>(u64{0}))));
  const Opt<Ref<Pipe>> p = inode->attachment.get().as<Pipe>();
  if (!p) return Errc::no_device_address;
  const Pipe& pipe = **p;
  const u32 mode = flags & oflag::access_mask;
  // A pipe without a name, opened through /proc/PID/fd, waits for nobody, though its other end may be closed.
  const bool nonblock = (flags & oflag::nonblock) != 0, nameless = pipe.ino != 0;
  if (!nameless && mode == oflag::wronly && nonblock && pipe.readers.load() == 0) return Errc::no_device_address;
  const Ref<File> f = make_ref<PipeFile>(*p, flags & (oflag::access_mask | oflag::nonblock | oflag::direct), Opt<Ref<Inode>>());
  if (f->readable()) pipe.reader_opens.fetch_add(1);
  if (f->writable()) {
    pipe.writer_opens.fetch_add(1);
    pipe.had_writer.store(1);
  }
  pipe.opened.wake_all();
  if (mode == oflag::rdwr || nonblock || nameless) return f;
  const u64 seen_w = pipe.writer_opens.load(), seen_r = pipe.reader_opens.load();
  const Status s = pipe.opened.wait_until(Wait::interruptible, [&] {
    return mode == oflag::rdonly ? pipe.writers.load() != 0 || pipe.writer_opens.load() != seen_w
                                 : pipe.readers.load() != 0 || pipe.reader_opens.load() != seen_r;
  });
  if (!s.ok()) return Errc::restart_syscall;
  return f;
}

}  // namespace svc::fs
