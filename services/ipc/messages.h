// SPDX-License-Identifier: MPL-2.0
// Message queues [msgget(2), msgop(2), msgctl(2)].
//
// A message is in the queue's list and in one of its type, so that the oldest, the oldest of a type and the oldest of the lowest type
// are found without a search. A receiver that waits is handed its message by the sender. A sender that waits for room has its
// message put in by whoever makes room, in the order of waiting; a message that does not fit lets smaller ones pass.
#pragma once
#include <base/map.h>
#include <base/vec.h>
#include <ostd/user_io.h>
#include <services/ipc/object.h>
#include <services/ipc/sleeper.h>

namespace svc::ipc {

class Message;
class Space;
struct OfType {};
using TypeQueues = Map<i64, List<Message, OfType>>;

// Its bytes are copied in and out without locks; they do not change.
class Message final : public RefCounted, public ListNode<>, public ListNode<OfType> {
 public:
  struct Body {
    Vec<u8> small{};
    Vec<UFrame> pages{};
  };
  Message(i64 type, usize length, Body b);
  // Errors: fault, out_of_memory.
  static Result<Ref<Message>> copy_in(i64 type, Reader& from, usize n);
  // The first n bytes. Errors: fault.
  Status copy_out(Writer& to, usize n) const;
  i64 type() const { return type_; }
  usize length() const { return length_; }
  // The place for a queue of its type, which is there before any lock is taken.
  TypeQueues::Loose take_place() const;

 private:
  i64 type_;
  usize length_;
  Body body_;
  SpinLocked<TypeQueues::Loose, rank::kLeaf> place_;
};

// What a receiver takes.
struct Wanted {
  enum class Which : u8 { any, equal, not_equal, lowest, number };
  Which which = Which::any;
  i64 type = 0;             // lowest: not above that; number: how many messages are before it
  usize room = 0;           // for so many bytes
  bool truncate = false;    // MSG_NOERROR
  bool copy = false;        // MSG_COPY
  bool wait = true;
  bool takes(const Message& m) const;
};

struct Sender final : public Sleeper, public ListNode<> {
  Sender(Ref<Message> m, const Context& who);
  Ref<Message> message;
  i32 pid;
  Ref<Credentials> cred;
};
struct Receiver final : public Sleeper, public ListNode<> {
  Receiver(const Wanted& w, const Context& who);
  Wanted wanted;
  i32 tid;
  Ref<Credentials> cred;
  SpinLocked<Opt<Ref<Message>>, rank::kLeaf> got{};
};

class MessageQueue final : public Object {
 public:
  MessageQueue(const Context& who, i32 key, u32 mode, u64 most_bytes, Weak<Space> space);
  struct Figures {
    i64 send_time = 0, receive_time = 0, change_time = 0;
    u64 bytes = 0, messages = 0, most_bytes = 0;
    i32 last_sender = 0, last_receiver = 0;
  };
  Figures figures() const { return state_.with([](State& s) { return s.shown; }); }
  enum class Full : u8 { wait, refuse };
  // Errors: access_denied, identifier_removed, again, interrupted.
  Status send(const Context& who, const Ref<Message>& m, Full full) const;
  // Errors: access_denied, identifier_removed, no_message, argument_list_too_long, invalid_argument (a copy needs more room), interrupted.
  Result<Ref<Message>> receive(const Context& who, const Wanted& w) const;
  // IPC_SET, behind change_owner: who waits may have lost the right to, and there may be more room.
  void set(u64 most_bytes) const;
  // IPC_RMID.
  void remove() const;

 private:
  struct State {
    List<Message> all{};
    TypeQueues by_type{};
    List<Sender> senders{};
    List<Receiver> receivers{};
    Figures shown{};
    bool removed = false;
  };
  static bool fits(const State& s, const Message& m);
  static void put(State& s, const Ref<Message>& m, i32 pid, WakeList& woken);
  static Opt<Ref<Message>> find(State& s, const Wanted& w);
  static Result<Ref<Message>> take(State& s, const Wanted& w, i32 pid);
  void admit(State& s, WakeList& woken) const;
  Weak<Space> space_;
  SpinLocked<State, rank::kIpcObject> state_{};
};

}  // namespace svc::ipc
