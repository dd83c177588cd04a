// SPDX-License-Identifier: MPL-2.0
// Errc, Result<T>, TRY. Errc has no numbers of Linux in it: services/abi maps it to errno.
#pragma once
#include <base/annotations.h>
#include <base/trap.h>
#include <base/types.h>
#include <new>
#include <type_traits>
#include <utility>

namespace ostd {

// One name for each errno that a Linux program can see, plus what only the core needs.
enum class Errc : u16 {
  ok = 0,
  not_permitted,       // EPERM
  not_found,           // ENOENT
  no_process,          // ESRCH
  interrupted,         // EINTR: a signal arrived and nothing was done
  io,                  // EIO
  no_device_address,   // ENXIO
  argument_list_too_long,  // E2BIG
  not_executable,      // ENOEXEC
  bad_descriptor,      // EBADF
  no_child,            // ECHILD
  again,               // EAGAIN
  out_of_memory,       // ENOMEM: a reservation was refused
  access_denied,       // EACCES
  fault,               // EFAULT
  block_device_required,  // ENOTBLK
  busy,                // EBUSY
  exists,              // EEXIST
  cross_device,        // EXDEV
  no_device,           // ENODEV
  not_directory,       // ENOTDIR
  is_directory,        // EISDIR
  invalid_argument,    // EINVAL
  file_table_overflow,  // ENFILE
  too_many_files,      // EMFILE
  not_a_terminal,      // ENOTTY
  text_busy,           // ETXTBSY
  file_too_large,      // EFBIG
  no_space,            // ENOSPC
  illegal_seek,        // ESPIPE
  read_only,           // EROFS
  too_many_links,      // EMLINK
  broken_pipe,         // EPIPE
  domain,              // EDOM
  out_of_range,        // ERANGE
  deadlock,            // EDEADLK
  name_too_long,       // ENAMETOOLONG
  no_locks,            // ENOLCK
  no_syscall,          // ENOSYS
  not_empty,           // ENOTEMPTY
  symlink_loop,        // ELOOP
  no_message,          // ENOMSG
  identifier_removed,  // EIDRM
  no_data,             // ENODATA
  timer_expired,       // ETIME
  not_stream,          // ENOSTR
  no_package,          // ENOPKG
  no_link,             // ENOLINK
  protocol_error,      // EPROTO
  bad_message,         // EBADMSG
  overflow,            // EOVERFLOW
  illegal_sequence,    // EILSEQ
  users,               // EUSERS
  not_socket,          // ENOTSOCK
  destination_required,  // EDESTADDRREQ
  message_too_long,    // EMSGSIZE
  wrong_protocol_type,  // EPROTOTYPE
  no_protocol_option,  // ENOPROTOOPT
  protocol_not_supported,  // EPROTONOSUPPORT
  socket_type_not_supported,  // ESOCKTNOSUPPORT
  not_supported,       // EOPNOTSUPP
  family_not_supported,  // EAFNOSUPPORT
  address_in_use,      // EADDRINUSE
  address_not_available,  // EADDRNOTAVAIL
  network_down,        // ENETDOWN
  network_unreachable,  // ENETUNREACH
  connection_aborted,  // ECONNABORTED
  connection_reset,    // ECONNRESET
  no_buffers,          // ENOBUFS
  already_connected,   // EISCONN
  not_connected,       // ENOTCONN
  too_many_references,  // ETOOMANYREFS
  timed_out,           // ETIMEDOUT
  connection_refused,  // ECONNREFUSED
  already,             // EALREADY
  in_progress,         // EINPROGRESS
  stale,               // ESTALE
  quota,               // EDQUOT
  canceled,            // ECANCELED
  owner_dead,          // EOWNERDEAD
  not_recoverable,     // ENOTRECOVERABLE
  // What a blocking handler returns when a signal came; services/process turns them into a restart or EINTR.
  restart_syscall,     // like ERESTARTSYS: restart if the handler has SA_RESTART
  restart_no_hand,     // like ERESTARTNOHAND: restart only if no handler runs
  restart_block,       // like ERESTART_RESTARTBLOCK: restart through the saved block
  unsupported,         // this target or machine cannot do it (not visible to programs as such)
  count_,
};

struct [[nodiscard]] Err {
  Errc code;
  constexpr explicit Err(Errc c) : code(c) {}
};

// A value or an error code. Reading the value of an error is a panic. Of a T that is copied as bytes it is copied as bytes too, so
// that calls return it in registers.
// SAFETY (invariant): slot_.value is alive exactly while err_ is Errc::ok.
template <class T>
class [[nodiscard]] OSTD_OWNED Result {
  // With padding behind the code, so that it is never PlainData (bytes.h).
  static constexpr bool kAsBytes = std::is_trivially_copyable_v<T> && alignof(T) > alignof(Errc);

 public:
  constexpr Result(T v) : err_(Errc::ok) { ::new (static_cast<void*>(&slot_.value)) T(std::move(v)); }
  constexpr Result(Err e) : err_(e.code) { OSTD_CHECK(e.code != Errc::ok); }
  constexpr Result(Errc e) : err_(e) { OSTD_CHECK(e != Errc::ok); }
  template <class U>
    requires(std::is_convertible_v<U&&, T> && !std::is_same_v<std::remove_cvref_t<U>, Result> &&
             !std::is_same_v<std::remove_cvref_t<U>, Err> && !std::is_same_v<std::remove_cvref_t<U>, Errc> &&
             !std::is_same_v<std::remove_cvref_t<U>, T>)
  constexpr Result(U&& u) : err_(Errc::ok) { ::new (static_cast<void*>(&slot_.value)) T(std::forward<U>(u)); }
  constexpr Result(Result&&) requires kAsBytes = default;
  constexpr Result(const Result&) requires kAsBytes = default;
  constexpr Result(Result&& o) noexcept : err_(o.err_) {
    if (ok()) ::new (static_cast<void*>(&slot_.value)) T(std::move(o.slot_.value));
  }
  constexpr Result(const Result& o) requires(std::is_copy_constructible_v<T> && !kAsBytes) : err_(o.err_) {
    if (ok()) ::new (static_cast<void*>(&slot_.value)) T(o.slot_.value);
  }
  constexpr Result& operator=(Result&& o) noexcept {
    if (this != &o) {
      if (ok()) slot_.value.~T();
      err_ = o.err_;
      if (ok()) ::new (static_cast<void*>(&slot_.value)) T(std::move(o.slot_.value));
    }
    return *this;
  }
  constexpr ~Result() requires kAsBytes = default;
  constexpr ~Result() {
    if (ok()) slot_.value.~T();
  }
  constexpr bool ok() const { return err_ == Errc::ok; }
  constexpr explicit operator bool() const { return ok(); }
  constexpr Errc error() const { return err_; }  // Errc::ok when there is a value
  constexpr T& value() & OSTD_LIFETIMEBOUND { OSTD_CHECK(ok() && "Result has a value"); return slot_.value; }
  constexpr const T& value() const& OSTD_LIFETIMEBOUND { OSTD_CHECK(ok() && "Result has a value"); return slot_.value; }
  constexpr T value() && { OSTD_CHECK(ok() && "Result has a value"); return std::move(slot_.value); }
  constexpr T value_or(T other) && { return ok() ? std::move(slot_.value) : std::move(other); }

 private:
  union Slot {
    constexpr Slot() {}
    constexpr ~Slot() requires kAsBytes = default;
    constexpr ~Slot() {}
    T value;
  } slot_;
  Errc err_;
};

template <>
class [[nodiscard]] OSTD_OWNED Result<void> {
 public:
  constexpr Result() = default;
  constexpr Result(Err e) : err_(e.code) {}
  constexpr Result(Errc e) : err_(e) {}
  constexpr bool ok() const { return err_ == Errc::ok; }
  constexpr explicit operator bool() const { return ok(); }
  constexpr Errc error() const { return err_; }
  constexpr void value() const { OSTD_CHECK(ok() && "Result has a value"); }

 private:
  Errc err_ = Errc::ok;
};
using Status = Result<void>;
inline constexpr Status Ok() { return {}; }

}  // namespace ostd

// Results of calls are not zeroed before the call makes them: a Result's value is never read when there is none.
// `auto v = TRY(f());` gives the value, or returns the error from the calling function.
#define TRY(expr)                                                              \
  ({                                                                           \
    OSTD_UNFILLED auto ostd_try_ = (expr);                                     \
    if (!ostd_try_.ok()) [[unlikely]] return ::ostd::Err(ostd_try_.error());   \
    std::move(ostd_try_).value();                                              \
  })
// The value; an error is a panic. Only beside a comment that proves it cannot happen.
#define MUST(expr)                                            \
  ({                                                          \
    OSTD_UNFILLED auto ostd_must_ = (expr);                   \
    if (!ostd_must_.ok()) [[unlikely]] ::ostd::check_failed("MUST: " #expr); \
    std::move(ostd_must_).value();                            \
  })
