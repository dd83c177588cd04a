// SPDX-License-Identifier: MPL-2.0
// Poll events [poll(2), epoll(7)] as a value type.
#pragma once
#include <base/types.h>

namespace svc {
using namespace ostd;

struct PollEvents {
  u32 bits = 0;
  constexpr bool operator==(const PollEvents&) const = default;
  constexpr PollEvents operator|(PollEvents o) const { return {bits | o.bits}; }
  constexpr PollEvents operator&(PollEvents o) const { return {bits & o.bits}; }
  constexpr bool any() const { return bits != 0; }
};
namespace poll {  // numbers of <poll.h>; they are ABI for poll and epoll alike
inline constexpr PollEvents in{0x1}, pri{0x2}, out{0x4}, err{0x8}, hup{0x10}, nval{0x20}, rdnorm{0x40}, rdband{0x80},
    wrnorm{0x100}, wrband{0x200}, msg{0x400}, rdhup{0x2000};
inline constexpr PollEvents readable{0x1 | 0x40}, writable{0x4 | 0x100};
}  // namespace poll
}  // namespace svc
