// expect: S14
// SPDX-License-Identifier: MPL-2.0
inline constexpr int boot_stack_top = 0;
