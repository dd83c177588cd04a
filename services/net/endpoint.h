// SPDX-License-Identifier: MPL-2.0
// Endpoint: one UNIX socket [unix(7)]. Descriptors hold it through a SocketFile, peers and messages directly; it is dead once its
// file has gone. A message is made first, then queued under the receiver's lock; reading holds the receiver's reading lock over
// the copy to user memory.
// Lock order: reading_, binding_, the set of sockets in flight, the table of names, then state_ (two of them by lock_pair).
#pragma once
#include <ostd/time.h>
#include <services/fs/fs_context.h>
#include <services/net/message.h>
#include <services/net/unix_space.h>

namespace svc::net {

enum class Kind : u8 { stream = 1, datagram = 2, seqpacket = 5 };
enum class Phase : u8 { closed, listening, established };
namespace shut {
inline constexpr u32 receive = 1, send = 2, both = 3;
}

struct SendArgs {
  bool nonblocking = false;
  PeerId self{};                  // the sending process, with its real ids
  Opt<PeerId> credentials{};      // SCM_CREDENTIALS
  Opt<Ref<FileList>> files{};     // SCM_RIGHTS
  bool too_many_files = false;    // the sender's messages carry more files than he may have
};
struct Received {
  usize length = 0;               // of the whole message; of what was copied, for streams
  usize copied = 0;
  bool truncated = false;
  Opt<Ref<UnixName>> from{};
  Opt<PeerId> sender{};
  Opt<Ref<FileList>> files{};
};
struct ReceiveArgs {
  bool nonblocking = false, peek = false, wait_all = false;
};
using FindPeer = FnRef<Result<Ref<Endpoint>>()>;

// Options that change nothing but what getsockopt says.
struct Remembered {
  u32 debug = 0, reuse_address = 0, reuse_port = 0, dont_route = 0, broadcast = 0, keep_alive = 0, oob_inline = 0, priority = 0,
      linger_on = 0, linger = 0, timestamp = 0, timestamp_ns = 0, mark = 0, no_check = 0, receive_all = 0;
};

class SocketFile;

class Endpoint final : public RefCounted, public ListNode<PendingTag>, public ListNode<InFlightTag>, public ListNode<WorkTag>, public ListNode<BlockedTag> {
 public:
  Endpoint(Kind kind, Ref<UnixSpace> space);
  ~Endpoint() override;
  Kind kind() const { return kind_; }
  bool connects() const { return kind_ != Kind::datagram; }
  const Ref<UnixSpace>& space() const [[clang::lifetimebound]] { return space_; }
  void set_file(const Ref<SocketFile>& f) const;
  Opt<Ref<SocketFile>> file() const;

  // Connects two new ones. [socketpair(2)]
  static void pair(const Ref<Endpoint>& a, const Ref<Endpoint>& b, const Peer& maker);

  // ---- names (names.cpp) ----
  // Errors: as bind(2), listen(2), connect(2), accept(2).
  Status bind(const Context& who, const fs::FsContext& fs, const Ref<UnixName>& name) const;
  Status bind_any() const;
  Status listen(u32 backlog, const Peer& self) const;
  Status connect(const Peer& self, bool nonblocking, FindPeer find) const;
  Status disconnect() const;  // AF_UNSPEC, datagrams only
  Result<Ref<Endpoint>> accept(bool nonblocking) const;
  Opt<Ref<UnixName>> name() const;
  bool dead() const;
  Result<Opt<Ref<UnixName>>> peer_name() const;  // not_connected

  // ---- data ----
  // find: whom a datagram with an address goes to (has_address). Errors: as send(2).
  Result<usize> send(const SendArgs& a, Reader& from, bool has_address, FindPeer find) const;
  Result<Received> receive(const ReceiveArgs& a, Writer& to) const;
  void shutdown(u32 how) const;
  // The file has gone. orphan: a connection that was not accepted.
  enum class Why : u8 { closed, orphan };
  void release(Why why) const;
  PollEvents poll() const;
  u64 unread() const;   // SIOCINQ
  u64 unsent() const { return charged_.load(); }
  // For the collection of garbage, of messages that wait here or at connections that wait here. f runs under a spinlock.
  void each_file_list(FnRef<void(const FileList&)> f) const;
  void take_messages(List<Message>& to) const;

  // ---- options ----
  Phase phase() const;
  Peer peer() const;
  Errc take_error() const;
  void set_error(Errc e) const;
  Atomic<u32> send_space{212992}, receive_space{212992}, low_mark{1}, pass_credentials{0};
  Atomic<i32> peek_offset{-1};  // SO_PEEK_OFF; below 0: none
  Atomic<u64> send_timeout{0}, receive_timeout{0};  // nanoseconds; 0: none
  const SpinLocked<Remembered, rank::kLeaf>& remembered() const [[clang::lifetimebound]] { return remembered_; }

  void charge(usize n) const { charged_.fetch_add(n); }
  void uncharge(usize n) const;
  WaitQueue readable{}, writable{}, room{};  // room: of its own queue, for senders and for those who connect

  // Under the lock of the sockets in flight.
  Atomic<u32> in_flight{0}, unexplained{0}, marked{0};
  Atomic<u32> carried{0};  // a message with a socket was once sent to it

 private:
  struct State {
    List<Message> queue{};
    List<Endpoint, PendingTag> pending{};
    List<Endpoint, BlockedTag> blocked{};  // those who poll for room in a full queue
    Phase phase = Phase::closed;
    u32 shutdown = 0;
    bool dead = false;
    Errc error = Errc::ok;
    Opt<Ref<Endpoint>> peer{};
    Opt<Ref<UnixName>> name{};
    u32 most_waiting = 10;
    Peer peer_told{};
    u64 unread = 0;
    bool full() const { return queue.size() > most_waiting; }
  };
  friend class UnixSpace;
  // Where it stands, in one look.
  struct Now {
    Phase phase = Phase::closed;
    u32 shutdown = 0;
    bool dead = false;
    Errc error = Errc::ok;
    Opt<Ref<Endpoint>> peer{};
  };
  Now now() const;
  enum class Put : u8 { done, dead, refused, not_permitted, full };
  // Queues it, if this socket takes messages of its sender now: the check and the queueing are one step.
  Put append(const Ref<Message>& m) const;
  void each_own_list(FnRef<void(const FileList&)> f) const;
  void move_peek_offset(i64 by) const;
  void remove(const Message& m) const;
  Result<usize> send_stream(const SendArgs& a, Reader& from, bool has_address) const;
  Result<usize> send_message(const SendArgs& a, Reader& from, bool has_address, FindPeer find) const;
  Result<Ref<Message>> make_message(const SendArgs& a, Reader& from, usize n, usize most_in_head, Opt<Instant> deadline, bool with_files) const;
  Status wait_for_room(const Ref<Endpoint>& other, const SendArgs& a, Opt<Instant> deadline) const;
  Result<Received> receive_stream(const ReceiveArgs& a, Writer& to) const;
  Result<Received> receive_message(const ReceiveArgs& a, Writer& to) const;
  Result<bool> read_some(const ReceiveArgs& a, Writer& to, Received& r, bool& first, u64& skip) const;
  Result<bool> read_one(const ReceiveArgs& a, Writer& to, Received& r) const;
  Status connect_stream(const Peer& self, bool nonblocking, FindPeer find) const;
  Status connect_datagram(FindPeer find) const;
  void forget(const Ref<Endpoint>& old) const;
  void leave(const Ref<Endpoint>& old) const;
  void unblock() const;
  bool may_write() const { return (charged_.load() + 1) * 4 <= send_space.load(); }
  Opt<PeerId> sender_for(const SendArgs& a, const Endpoint& other) const;

  Kind kind_;
  Ref<UnixSpace> space_;
  Once<Own<Weak<SocketFile>>> file_{};
  MutexLocked<u32, rank::kSocketRead> reading_{};
  MutexLocked<u32, rank::kSocketBind> binding_{};
  SpinLocked<State, rank::kSocket> state_{};
  SpinLocked<Remembered, rank::kLeaf> remembered_{};
  Atomic<u64> charged_{0};
};

// How a wait ended that was not successful: again at a deadline; interrupted calls start again unless they had one.
Status wait_error(const Status& s, Opt<Instant> deadline);
Opt<Instant> deadline_of(u64 timeout_ns);

}  // namespace svc::net
