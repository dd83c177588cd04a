// SPDX-License-Identifier: MPL-2.0
// Types of system call arguments. Each has one decoder from the raw register and one printer for the trace.
#pragma once
#include <base/format.h>
#include <base/result.h>
#include <base/types.h>
#include <ostd/user_io.h>
#include <services/base/ids.h>
#include <services/fs/fd_table.h>

namespace svc::sys {

using SysResult = Result<i64>;
using fs::Fd;

// A pointer into user memory to objects of type T (in, out or both: the handler knows).
template <class T>
struct UserPtr {
  VirtAddr at{};
  constexpr bool null() const { return at.value == 0; }
  // The n-th object; wraps like the hardware, user_io rejects what is not user memory.
  constexpr UserPtr operator+(u64 n) const { return {VirtAddr(at.value + n * sizeof(T))}; }
};
struct UserPath { VirtAddr at{}; };      // NUL-terminated, at most PATH_MAX
struct UserString { VirtAddr at{}; };    // NUL-terminated
struct UserBuffer { VirtAddr at{}; };    // bytes; the length is another argument
struct UserStrings { VirtAddr at{}; };   // NULL-terminated vector of strings (argv)
// A set of named bits or values; Names says how strace prints it.
template <class Names, class Int = u32>
struct Flags {
  Int bits = 0;
  constexpr bool has(Int b) const { return (bits & b) != 0; }
};
// Directory descriptor argument of the *at calls.
struct DirFd { i32 value = 0; };
inline constexpr i32 kAtFdCwd = -100;

// What an argument is, for tracing and for generating test calls.
enum class ArgKind : u8 { signed_int, unsigned_int, hex, fd, dir_fd, path, string, buffer_in, pointer, strings, flags, octal, signo, pid, size };

template <class T> struct ArgTraits;
template <> struct ArgTraits<i32> { static i32 decode(u64 r) { return static_cast<i32>(static_cast<u32>(r)); } static constexpr ArgKind kind = ArgKind::signed_int; };
template <> struct ArgTraits<u32> { static u32 decode(u64 r) { return static_cast<u32>(r); } static constexpr ArgKind kind = ArgKind::unsigned_int; };
template <> struct ArgTraits<i64> { static i64 decode(u64 r) { return static_cast<i64>(r); } static constexpr ArgKind kind = ArgKind::signed_int; };
template <> struct ArgTraits<u64> { static u64 decode(u64 r) { return r; } static constexpr ArgKind kind = ArgKind::unsigned_int; };
template <> struct ArgTraits<VirtAddr> { static VirtAddr decode(u64 r) { return VirtAddr(r); } static constexpr ArgKind kind = ArgKind::hex; };
template <> struct ArgTraits<Fd> { static Fd decode(u64 r) { return {ArgTraits<i32>::decode(r)}; } static constexpr ArgKind kind = ArgKind::fd; };
template <> struct ArgTraits<DirFd> { static DirFd decode(u64 r) { return {ArgTraits<i32>::decode(r)}; } static constexpr ArgKind kind = ArgKind::dir_fd; };
template <> struct ArgTraits<UserPath> { static UserPath decode(u64 r) { return {VirtAddr(r)}; } static constexpr ArgKind kind = ArgKind::path; };
template <> struct ArgTraits<UserString> { static UserString decode(u64 r) { return {VirtAddr(r)}; } static constexpr ArgKind kind = ArgKind::string; };
template <> struct ArgTraits<UserBuffer> { static UserBuffer decode(u64 r) { return {VirtAddr(r)}; } static constexpr ArgKind kind = ArgKind::pointer; };
template <> struct ArgTraits<UserStrings> { static UserStrings decode(u64 r) { return {VirtAddr(r)}; } static constexpr ArgKind kind = ArgKind::strings; };
template <> struct ArgTraits<Pid> { static Pid decode(u64 r) { return {ArgTraits<i32>::decode(r)}; } static constexpr ArgKind kind = ArgKind::pid; };
template <> struct ArgTraits<Signo> { static Signo decode(u64 r) { return {static_cast<u32>(r)}; } static constexpr ArgKind kind = ArgKind::signo; };
template <class T> struct ArgTraits<UserPtr<T>> { static UserPtr<T> decode(u64 r) { return {VirtAddr(r)}; } static constexpr ArgKind kind = ArgKind::pointer; };
template <class N, class I> struct ArgTraits<Flags<N, I>> { static Flags<N, I> decode(u64 r) { return {static_cast<I>(r)}; } static constexpr ArgKind kind = ArgKind::flags; };

}  // namespace svc::sys
