// SPDX-License-Identifier: MPL-2.0
// The memory devices: major 1.
#include <base/array.h>
#include <ostd/random.h>
#include <ostd/task.h>
#include <services/fs/devices/memory_devices.h>
#include <services/fs/file.h>
#include <services/vm/anon_object.h>

namespace svc::fs {
namespace {

enum class Kind : u8 { null, zero, full, random, urandom };

class MemoryFile final : public File {
 public:
  MemoryFile(Kind kind, u32 flags) : File(flags), kind_(kind) {}
  Result<usize> read(const Context& who, Writer& to) const override {
    switch (kind_) {
      case Kind::null: return usize{0};
      case Kind::zero:
      case Kind::full: return to.fill_zero(to.remaining());
      case Kind::random:
      case Kind::urandom: return read_random(to);
    }
    return usize{0};
  }
  Result<usize> write(const Context& who, Reader& from) const override {
    if (kind_ == Kind::full) return Errc::no_space;
    return kind_ == Kind::random || kind_ == Kind::urandom ? stir(from) : Result<usize>(from.remaining());
  }
  Result<usize> read_at(const Context& who, u64 offset, Writer& to) const override { return read(who, to); }
  Result<usize> write_at(const Context& who, u64 offset, Reader& from) const override { return write(who, from); }
  Asks read_asks() const override { return {.no_wait = kind_ != Kind::full}; }
  Asks write_asks() const override { return {.no_wait = true, .any = kind_ != Kind::full}; }
  bool pollable() const override { return kind_ == Kind::random; }
  Result<u64> seek(i64 offset, Whence whence) const override { return u64{0}; }
  Rights<File> offers() const override { return kind_ == Kind::zero ? file::seek | file::map : file::seek; }
  Result<Mappable> memory(Prot prot, bool shared) const override { return Mappable{Ref<MemoryObject>(make_ref<vm::ZeroObject>())}; }

 private:
  static Result<usize> read_random(Writer& to) {
    Array<u8, 256> chunk{};
    usize done = 0;
    while (to.remaining() != 0) {
      const std::span<u8> piece = chunk.items().subspan(0, to.remaining() < chunk.size() ? to.remaining() : chunk.size());
      random::fill(piece);
      const Result<usize> n = to.write(piece);
      if (!n.ok()) return done != 0 ? Result<usize>(done) : Result<usize>(Err(n.error()));
      done += n.value();
      if (n.value() < piece.size()) break;
      ostd::task::preempt_point();
      if (ostd::task::disturbed() != Disturb::none) break;
    }
    return done;
  }
  // What users write is read (faults are seen) and not credited as entropy.
  static Result<usize> stir(Reader& from) {
    Array<u8, 256> chunk{};
    usize done = 0;
    while (from.remaining() != 0) {
      const Result<usize> n = from.read(chunk.items());
      if (!n.ok()) return done != 0 ? Result<usize>(done) : Result<usize>(Err(n.error()));
      if (n.value() == 0) break;
      done += n.value();
    }
    return done;
  }
  Kind kind_ = Kind::null;
};

class MemoryDevice final : public Device {
 public:
  explicit MemoryDevice(Kind k) : kind_(k) {}
  Result<Ref<File>> open(const OpenArgs& args, const Context& who) const override {
    return Ref<File>(make_ref<MemoryFile>(kind_, args.flags & ~(oflag::creat | oflag::excl | oflag::noctty | oflag::trunc | oflag::cloexec)));
  }

 private:
  Kind kind_ = Kind::null;
};

}  // namespace

void add_memory_devices(const DeviceTable& t) {
  t.add(DevId::make(1, 3), Ref<Device>(make_ref<MemoryDevice>(Kind::null)));
  t.add(DevId::make(1, 5), Ref<Device>(make_ref<MemoryDevice>(Kind::zero)));
  t.add(DevId::make(1, 7), Ref<Device>(make_ref<MemoryDevice>(Kind::full)));
  t.add(DevId::make(1, 8), Ref<Device>(make_ref<MemoryDevice>(Kind::random)));
  t.add(DevId::make(1, 9), Ref<Device>(make_ref<MemoryDevice>(Kind::urandom)));
}

}  // namespace svc::fs
