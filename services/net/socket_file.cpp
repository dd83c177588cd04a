// SPDX-License-Identifier: MPL-2.0
#include <base/format.h>
#include <services/net/socket_file.h>

namespace svc::net {
namespace {

class SocketInode final : public fs::Inode {
 public:
  SocketInode(u64 ino, Uid uid, Gid gid) : ino_(ino), owner_(Owner{fs::Mode{0777}, uid, gid}), made_(FileTime{ostd::time::wall_now()}) {}
  Ref<fs::FileSystem> file_system() const override;
  fs::FileType type() const override { return fs::FileType::socket; }
  u64 ino() const override { return ino_; }
  fs::Attr attr() const override {
    fs::Attr a{};
    const Owner o = owner_.with([](Owner& x) { return x; });
    a.ino = ino_;
    a.type = fs::FileType::socket;
    a.mode = o.mode;
    a.uid = o.uid;
    a.gid = o.gid;
    a.atime = a.mtime = a.ctime = a.btime = made_;
    return a;
  }
  Status set_attr(const fs::AttrChange& change) const override {
    owner_.with([&](Owner& o) {
      if (change.mode) o.mode = *change.mode;
      if (change.uid) o.uid = *change.uid;
      if (change.gid) o.gid = *change.gid;
    });
    return Ok();
  }

 private:
  struct Owner { fs::Mode mode{}; Uid uid{}; Gid gid{}; };
  u64 ino_;
  SpinLocked<Owner, rank::kLeaf> owner_;
  FileTime made_;
};

class SockFs final : public fs::FileSystem {
 public:
  std::string_view type_name() const [[clang::lifetimebound]] override { return "sockfs"; }
  Ref<fs::Inode> root() const override { return make_ref<SocketInode>(u64{1}, Uid{}, Gid{}); }
  fs::StatFs statfs() const override {
    fs::StatFs s{};
    s.type_magic = 0x534F434B;
    return s;
  }
  DevId device() const override { return DevId::make(0, 8); }
};
Ref<fs::FileSystem> SocketInode::file_system() const { return make_ref<SockFs>(); }

}  // namespace

PeerId sender_id(const Context& who) {
  const CredentialValues& v = who.credentials().values();
  return {who.process_id().value, v.uid.value, v.gid.value};
}
Peer peer_of(const Context& who) {
  const CredentialValues& v = who.credentials().values();
  return {{who.process_id().value, v.euid.value, v.egid.value}, v.groups};
}

SocketFile::SocketFile(Ref<Endpoint> end, u32 flags, Ref<fs::Inode> inode) : File(flags), end_(std::move(end)), inode_(std::move(inode)) {}
SocketFile::~SocketFile() {
  end_->release(Endpoint::Why::closed);
  end_->space()->collect(none);
}
// It may have been the last descriptor of what is otherwise only in messages.
void SocketFile::descriptor_closed() const {
  if (end_->in_flight.load() != 0) end_->space()->collect(end_);
}
Ref<SocketFile> SocketFile::create(const Context& who, const Ref<Endpoint>& end, u32 flags) {
  const CredentialValues& v = who.credentials().values();
  const Ref<SocketFile> f = make_ref<SocketFile>(end, fs::oflag::rdwr | (flags & fs::oflag::nonblock), Ref<fs::Inode>(make_ref<SocketInode>(end->space()->next_ino(), v.fsuid, v.fsgid)));
  end->set_file(f);
  return f;
}

Result<usize> SocketFile::read(const Context& who, Writer& to) const {
  if (to.remaining() == 0) return usize{0};
  ReceiveArgs a{};
  a.nonblocking = nonblocking(who);
  const Received r = TRY(end_->receive(a, to));
  return r.copied;
}
Result<usize> SocketFile::write(const Context& who, Reader& from) const {
  SendArgs a{};
  a.nonblocking = nonblocking(who);
  a.self = sender_id(who);
  return end_->send(a, from, false, [] { return Result<Ref<Endpoint>>(Errc::not_connected); });
}

void SocketFile::poll_add(Ref<WaitHook> hook) const {
  end_->readable.add_hook(hook);
  end_->writable.add_hook(std::move(hook));
}
void SocketFile::poll_remove(const WaitHook& hook) const {
  end_->readable.remove_hook(hook);
  end_->writable.remove_hook(hook);
}

Result<i64> SocketFile::ioctl(const Context& who, u32 command, u64 argument) const {
  constexpr u32 kInputBytes = 0x541b, kOutputBytes = 0x5411;
  if (command != kInputBytes && command != kOutputBytes) return Errc::not_a_terminal;
  if (command == kInputBytes && end_->phase() == Phase::listening) return Errc::invalid_argument;
  const u64 n = command == kInputBytes ? end_->unread() : end_->unsent();
  TRY(user::write(who.address_space(), VirtAddr(argument), static_cast<u32>(n)));
  return i64{0};
}
String SocketFile::link_text() const { return ostd::format("socket:[{}]", inode_->ino()); }

}  // namespace svc::net
