// SPDX-License-Identifier: MPL-2.0
// An allocation that no credit covered is a mistake in somebody's budget: debug builds name the first of each place.
#include <common/target.h>
#include <mem/draw.h>
#include <ostd/log.h>

namespace ostd::common {

#if OSTD_DEBUG_LOCKS
namespace {
constexpr usize kPlaces = 64;
constinit Atomic<u64> g_places[kPlaces]{};  // hashes of call chains

// True when this call chain was not seen before.
bool is_new(u64 key) {
  for (const Atomic<u64>& place : g_places) {
    u64 found = 0;
    if (place.compare_exchange(found, key, Order::relaxed)) return true;
    if (found == key) return false;
  }
  return false;
}
}  // namespace

void note_over_budget(usize pages) {
  u64 chain[12] = {};
  const usize n = target::backtrace(chain);
  u64 key = 1;
  for (usize i = 0; i != n; ++i) key = (key ^ chain[i]) * 0x9e37'79b9'7f4a'7c15;
  if (!is_new(key)) return;
  FixedText<200> text;
  for (usize i = 3; i < n; ++i) {  // the first ones are memory management's own
    u64 offset = 0;
    const std::string_view name = target::symbol_name(chain[i] - 1, offset);
    if (i != 3) text.write(" < ");
    text.write(name.substr(0, 60));
  }
  log::warn<"mem">("{} pages over budget: {}", pages, text.view());
}
#else
void note_over_budget(usize) {}
#endif

}  // namespace ostd::common
