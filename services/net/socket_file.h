// SPDX-License-Identifier: MPL-2.0
// The open file of a socket, and the inode that fstat shows.
#pragma once
#include <services/net/endpoint.h>

namespace svc::net {

class SocketFile final : public fs::File {
 public:
  SocketFile(Ref<Endpoint> end, u32 flags, Ref<fs::Inode> inode);
  ~SocketFile() override;
  static Ref<SocketFile> create(const Context& who, const Ref<Endpoint>& end, u32 flags);
  void descriptor_closed() const override;
  bool signals_broken_pipe() const override { return end_->kind() == Kind::stream; }
  PollEvents poll() const override { return end_->poll(); }
  void poll_add(Ref<WaitHook> hook) const override;
  void poll_remove(const WaitHook& hook) const override;
  Asks read_asks() const override { return {.no_wait = true}; }
  Asks write_asks() const override { return {.no_wait = true}; }
  String link_text() const override;
  Opt<Ref<fs::Inode>> inode() const override { return inode_; }
  fs::Mode inode_mode() const { return inode_->attr().mode; }
  const Ref<Endpoint>& endpoint() const [[clang::lifetimebound]] { return end_; }

 private:
  Result<usize> read(const Context& who, Writer& to) const override;
  Result<usize> write(const Context& who, Reader& from) const override;
  Result<i64> ioctl(const Context& who, u32 command, u64 argument) const override;
  Ref<Endpoint> end_;
  Ref<fs::Inode> inode_;
};

// The calling process as a sender, with its real ids; as a peer, with its effective ones.
PeerId sender_id(const Context& who);
Peer peer_of(const Context& who);

}  // namespace svc::net
