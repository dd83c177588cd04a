// SPDX-License-Identifier: MPL-2.0
// What lies in a socket's queue: bytes with who sent them, and files that travel with them. The bytes are copied in once, before
// the message is queued, and out once; they never move between. Small ones are in the heap, larger ones in single pages.
#pragma once
#include <base/list.h>
#include <base/vec.h>
#include <ostd/frame.h>
#include <services/base/credentials.h>
#include <services/fs/file.h>

namespace svc::net {

// Numbers of struct ucred [unix(7)].
struct PeerId {
  i32 pid = 0;
  u32 uid = ~0U, gid = ~0U;
  constexpr bool operator==(const PeerId&) const = default;
};
inline constexpr PeerId kUnknownSender{0, 65534, 65534};
// Who connected, listened or made a pair, as SO_PEERCRED and SO_PEERGROUPS tell it.
struct Peer {
  PeerId id{};
  Opt<Ref<GroupList>> groups{};
};

// A descriptor's capability on its way to another table: the receiver gets the rights that the sender had.
using Passed = DynCap<fs::File>;

// Files of one user that messages carry. [getrlimit(2): RLIMIT_NOFILE; unix(7): ETOOMANYREFS]
class FlightQuota final : public RefCounted {
 public:
  Atomic<u64> used{0};
};

class FileList final : public RefCounted {
 public:
  FileList(Vec<Passed> files, Ref<FlightQuota> quota);
  ~FileList() override;
  const Vec<Passed>& files() const [[clang::lifetimebound]] { return files_; }
  bool has_sockets() const { return has_sockets_; }
  Atomic<u32> counted{0};  // its sockets count as in flight (UnixSpace)

 private:
  Vec<Passed> files_;
  Ref<FlightQuota> quota_;
  bool has_sockets_;
};

class Endpoint;

class Message final : public RefCounted, public ListNode<> {
 public:
  struct Parts {
    Vec<u8> small{};
    Vec<UFrame> pages{};
    usize length = 0;
    usize charge = 0;  // what the sender's buffer is charged with
  };
  Message(Parts p, Ref<Endpoint> from, Opt<Ref<FileList>> files);
  ~Message() override;  // gives the sender's buffer space back
  // Copies n bytes in. Errors: fault (not all came), out_of_memory.
  static Result<Parts> copy_in(Reader& from, usize n);
  // n bytes behind the first `skip`, all or fault.
  Status copy_out(Writer& to, usize skip, usize n) const;
  usize length() const { return p_.length; }
  const Ref<Endpoint>& from() const [[clang::lifetimebound]] { return from_; }
  Opt<PeerId> sender() const;
  void set_sender(Opt<PeerId> s) const;  // before it is queued
  Opt<Ref<FileList>> files() const;
  Opt<Ref<FileList>> take_files() const;
  Atomic<usize> consumed{0};  // of a stream's: under the receiver's reading lock

 private:
  Parts p_;
  Ref<Endpoint> from_;
  SpinLocked<Opt<Ref<FileList>>, rank::kLeaf> files_;
  SpinLocked<Opt<PeerId>, rank::kLeaf> sender_{};
};

// What Linux charges a sender's buffer for a message of n bytes.
usize charge_of(usize n, usize most_in_head);

}  // namespace svc::net
