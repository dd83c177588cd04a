// SPDX-License-Identifier: MPL-2.0
// Every container compiled as the kernel compiles it: no C library, no SSE, small frames. It is compiled only, not run.
#include <base/bitmap.h>
#include <base/byte_order.h>
#include <base/bytes.h>
#include <base/cap.h>
#include <base/checked.h>
#include <base/fn.h>
#include <base/format.h>
#include <base/hash_map.h>
#include <base/list.h>
#include <base/map.h>
#include <base/result.h>
#include <base/ring_buffer.h>
#include <base/slot_map.h>
#include <base/small_vec.h>

namespace {
struct Item : ostd::RefCounted, ostd::ListNode<> {};
}  // namespace

template class ostd::Vec<ostd::String, 2>;
template class ostd::Vec<ostd::Opt<ostd::Own<int>>>;
template class ostd::Map<ostd::String, ostd::Own<int>>;
template class ostd::Map<ostd::u64, ostd::u64>;
template class ostd::HashMap<ostd::String, ostd::Own<int>>;
template class ostd::HashMap<ostd::PhysAddr, ostd::u64>;
template class ostd::List<Item>;
template class ostd::RingBuffer<ostd::u8>;
template class ostd::RingBuffer<ostd::String>;
template class ostd::SlotMap<ostd::String>;
template ostd::u32 ostd::load_be<ostd::u32>(std::span<const ostd::u8>, ostd::usize);
template ostd::Opt<ostd::u64> ostd::from_bytes<ostd::u64>(std::span<const ostd::u8>);
template ostd::String ostd::format<int, ostd::String>(ostd::FormatFor<int, ostd::String>, const int&, const ostd::String&);
