// SPDX-License-Identifier: MPL-2.0
// Names of functions, from the table that tools of the second link put into .symbols (rt/symbol_table.py makes it):
// u32 count; u32 offset_of_function[count] from text_begin, sorted; u32 offset_of_name[count] into the names; names, NUL ended.
#include <common/target.h>
#include <cpu/instructions.h>
#include <mem/stacks.h>

namespace ostd::target {

extern "C" char symbols_begin[], symbols_end[], text_begin[], text_end[];

std::string_view symbol_name(u64 address, u64& offset) {
  const u64 begin = address_of(text_begin);
  if (address < begin || address >= address_of(text_end)) return {};
  if (symbols_end - symbols_begin < 8) return {};
  // SAFETY: the section is either empty or what symbol_table.py wrote, which is consistent in itself.
  const u32* const words = reinterpret_cast<const u32*>(symbols_begin);
  const u32 count = words[0];
  const u32 *functions = words + 1, *names = functions + count;
  const char* const text = reinterpret_cast<const char*>(names + count);
  const u64 at = address - begin;
  u32 low = 0, high = count;  // the last function at or below `at` is in [low, high)
  while (high - low > 1) {
    const u32 middle = (low + high) / 2;
    (functions[middle] <= at ? low : high) = middle;
  }
  if (count == 0 || functions[low] > at) return {};
  offset = at - functions[low];
  return text + names[low];
}

usize backtrace(std::span<u64> to) {
  const u64* frame = static_cast<const u64*>(__builtin_frame_address(0));
  usize n = 0;
  while (n < to.size()) {
    const u64 at = address_of(frame);
    // A frame lies in a kernel stack or in the boot stack; anything else is the end of the chain or a damaged one.
    if (!stack_address(at) || (at & 7) != 0) break;
    const u64 next = frame[0], address = frame[1];  // SAFETY: stack_address said that both words are mapped.
    if (address == 0) break;
    to[n++] = address;
    if (next <= at) break;  // older frames are higher
    frame = reinterpret_cast<const u64*>(next);  // SAFETY: looked at above before it is read
  }
  return n;
}

}  // namespace ostd::target
