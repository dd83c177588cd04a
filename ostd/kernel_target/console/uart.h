// SPDX-License-Identifier: MPL-2.0
#pragma once
#include <base/types.h>
#include <span>
#include <string_view>

namespace ostd::target {

bool uart_present();
void uart_write(std::span<const u8> bytes);  // as they are; busy-waits; one caller at a time
void uart_write_text(std::string_view text);  // a newline as carriage return and newline; no lock: for panics
inline constexpr u32 kUartIsaInterrupt = 4;
void uart_enable_input();                    // interrupts when there is something to read
bool uart_read(u8& byte);                    // false: nothing there

}  // namespace ostd::target
