// SPDX-License-Identifier: MPL-2.0
// What base calls when a checked operation fails: a machine panic, provided by each target (host unit tests too).
#pragma once
#include <string_view>

namespace ostd {
// Ends the machine with this message and a backtrace. Never returns, takes no lock, allocates nothing.
[[noreturn]] void panic(std::string_view message);
// Bounds, null and use-after-move checks come here; `what` names the broken rule.
[[noreturn, gnu::cold, gnu::noinline]] void check_failed(const char* what);
}  // namespace ostd

#ifdef OSTD_WITHOUT_CHECKS  // only to measure what they cost: meson's hardening_without
#define OSTD_CHECK(cond) static_cast<void>(cond)
#else
#define OSTD_CHECK(cond) (__builtin_expect(!(cond), 0) ? ::ostd::check_failed(#cond) : (void)0)
#endif
