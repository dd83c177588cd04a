// SPDX-License-Identifier: MPL-2.0
// UnixSpace: what all UNIX sockets of one network namespace share: the abstract names, and the account of sockets that travel in
// messages. Such sockets can keep each other alive in circles; collect() finds and ends them.
#pragma once
#include <base/hash_map.h>
#include <base/list.h>
#include <base/map.h>
#include <base/string.h>
#include <base/vec.h>
#include <ostd/sync.h>
#include <services/fs/file.h>

namespace svc::net {

class Endpoint;
class Message;
class FileList;
class FlightQuota;
enum class Kind : u8;
struct PendingTag {};
struct InFlightTag {};
struct WorkTag {};
struct BlockedTag {};

// What is behind the family in a socket address: a path with its NUL, or an abstract name, which begins with one.
class UnixName final : public RefCounted {
 public:
  explicit UnixName(String bytes) : bytes_(std::move(bytes)) {}
  std::string_view bytes() const [[clang::lifetimebound]] { return bytes_.view(); }
  bool abstract() const { return bytes_.view().front() == '\0'; }

 private:
  String bytes_;
};

class UnixSpace final : public RefCounted {
 public:
  UnixSpace() = default;
  // Errors: address_in_use.
  Status claim(Kind kind, const UnixName& name, const Ref<Endpoint>& owner) const;
  void disclaim(Kind kind, const UnixName& name, const Endpoint& owner) const;
  Opt<Ref<Endpoint>> find(Kind kind, const UnixName& name) const;
  // Queues a message that may carry sockets: they count as in flight from then on. f() queues it and says whether it did.
  bool send_off(const Opt<Ref<FileList>>& files, const Endpoint& to, FnRef<bool()> f) const;
  // They arrived: taken by the receiver, or gone with the message. f runs under the same lock.
  Opt<Ref<FileList>> arrive(const Message& m) const;
  Opt<Ref<FileList>> look(const Message& m) const;
  // Ends messages: one after the other, however deep the files in them lead to further messages.
  void drop(List<Message>& gone) const;
  // Ends sockets that only circles of messages keep. Does little when there can be none, or were none the last times.
  // closing: a descriptor of it was closed, and the caller holds a reference that he will not use.
  void collect(const Opt<Ref<Endpoint>>& closing) const;
  // How many files of a user are in messages.
  Ref<FlightQuota> quota(Uid uid) const;
  u64 next_ino() const { return next_ino_.fetch_add(1); }

 private:
  struct InFlight {
    List<Endpoint, InFlightTag> sockets{};
    usize kept = 0, since = 0;  // sockets that the last look left; calls since
    bool circles = false;       // a socket that is in a message may have got a message with a socket
  };
  struct Doomed {
    List<Message> messages{};
    bool busy = false;
  };
  static void count(InFlight& s, const FileList& files, const Endpoint& to);
  static void uncount(InFlight& s, const FileList& files);
  static void find_garbage(InFlight& s, const Opt<Ref<Endpoint>>& closing, List<Message>& garbage);
  SpinLocked<Map<String, Weak<Endpoint>>, rank::kUnixNames> names_{};
  MutexLocked<InFlight, rank::kInFlight> in_flight_{};
  SpinLocked<Doomed, rank::kLeaf> doomed_{};
  SpinLocked<HashMap<u32, Ref<FlightQuota>>, rank::kLeaf> quotas_{};
  Atomic<u64> next_ino_{2};
  Atomic<usize> flying_{0};
};

}  // namespace svc::net
