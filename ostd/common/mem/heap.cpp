// SPDX-License-Identifier: MPL-2.0
// Heap objects. Three layers: a magazine on each CPU (two chains of free objects a class, no lock), a depot of full chains a
// class, and the slabs: single page frames cut into objects, so that fragmentation can never refuse one. Larger blocks are runs of
// frames in the direct map while there are such runs, then single frames mapped one after the other (pieces.h). A slab's state is in
// its FrameMeta: objects freed to it (a list of indices through the objects), objects cut off so far, objects in use.
//
// A free object holds a link in its first word and in its second one its address mixed with a key; freeing an object that
// holds that word looks whether it really is free. Lock order: class lock, then the frame allocator's.
#include <common/account.h>
#include <common/frame_alloc.h>
#include <common/heap.h>
#include <common/mem_cpu.h>
#include <mem/pieces.h>

namespace ostd::common {

constinit bool g_heap_ready = false;
constinit Atomic<i64> g_sanitizer_heap_bytes{0};

namespace {

// Chosen so that little of a page is left over behind the last object.
constexpr u16 kSizes[kHeapClasses] = {16,  32,  48,  64,  80,  96,  112, 128, 160, 192,  224,
                                      256, 336, 400, 448, 512, 576, 672, 816, 1024, 1360, 2048};
struct ClassOf {
  u8 of[kHeapSmallMax / 16 + 1];
  constexpr ClassOf() : of{} {
    u8 c = 0;
    for (u32 i = 0; i <= kHeapSmallMax / 16; ++i) {
      while (kSizes[c] < i * 16) ++c;
      of[i] = c;
    }
  }
};
constexpr ClassOf kClassOf{};

// What freeing and allocating need of a class, in one load.
struct ClassInfo {
  u16 size;
  u16 chain;       // objects in a full chain
  u32 reciprocal;  // ceil(2^20 / size): offset * reciprocal >> 20 is offset / size for multiples of size below a page
};
struct ClassInfos {
  ClassInfo of[kHeapClasses];
  constexpr ClassInfos() : of{} {
    for (u32 i = 0; i != kHeapClasses; ++i)
      of[i] = {kSizes[i], static_cast<u16>(kSizes[i] <= 128 ? 32 : kSizes[i] <= 512 ? 16 : 8), ((1U << 20) + kSizes[i] - 1) / kSizes[i]};
  }
};
constexpr ClassInfos kInfos{};
constexpr u32 chain_length(u32 klass) { return kInfos.of[klass].chain; }

constexpr u64 kFreeKey = 0x9e3c'71d5'2b86'f04d;
struct FreeObject {
  FreeObject* next;
  u64 mark;
};

constexpr u32 kDepotMax = 4;
struct HeapClass {
  target::RawSpin lock{};
  u32 partial = 0;            // slabs with an object to give: list through next/prev
  u32 depot_count = 0;
  usize in_use = 0;           // objects that have left the slabs
  FreeObject* depot[kDepotMax] = {};
};
constinit HeapClass g_classes[kHeapClasses]{};

// SAFETY: a number to compare.
u64 mark_of(const void* p) { return reinterpret_cast<u64>(p) ^ kFreeKey; }

// ---- slabs; the class lock is held --------------------------------------------------------------------------------------

void list_add(HeapClass& k, u64 pfn) {
  FrameMeta& m = frame_meta(pfn);
  m.prev = 0;
  m.next = k.partial;
  if (m.next) frame_meta(m.next).prev = static_cast<u32>(pfn);
  k.partial = static_cast<u32>(pfn);
}
void list_remove(HeapClass& k, u64 pfn) {
  FrameMeta& m = frame_meta(pfn);
  if (m.next) frame_meta(m.next).prev = m.prev;
  if (m.prev) frame_meta(m.prev).next = m.next;
  else k.partial = m.next;
}

// Puts up to `want` objects of partial slabs in front of `chain`.
u32 take_objects(HeapClass& k, u32 klass, u32 want, FreeObject*& chain) {
  u32 got = 0;
  while (got != want && k.partial != 0) {
    const u64 pfn = k.partial;
    FrameMeta& m = frame_meta(pfn);
    u8* base = frame_data(pfn);
    while (got != want && m.slab.in_use != m.slab.objects) {
      FreeObject* o = nullptr;
      if (m.slab.free_head != 0) {
        // SAFETY: the index was stored by put_object for an object of this slab.
        o = reinterpret_cast<FreeObject*>(base + (m.slab.free_head - 1U) * kSizes[klass]);
        m.slab.free_head = static_cast<u16>(reinterpret_cast<u64>(o->next));
      } else {
        o = reinterpret_cast<FreeObject*>(base + usize{m.slab.carved++} * kSizes[klass]);
      }
      ++m.slab.in_use;
      o->mark = mark_of(o);
      o->next = chain;
      chain = o;
      ++got;
    }
    if (m.slab.in_use == m.slab.objects) list_remove(k, pfn);
  }
  k.in_use += got;
  return got;
}

// Returns an object to its slab; the slab's frame number when it has become empty and was taken off the list, else 0.
u64 put_object(HeapClass& k, u32 klass, FreeObject* o) {
  const u64 pfn = frame_of(o);
  FrameMeta& m = frame_meta(pfn);
  // SAFETY: o lies in its slab's frame. The next line stores an index in the free object's link: it is read back as one, below and
  // in take_object.
  const u64 index = static_cast<u64>(reinterpret_cast<u8*>(o) - frame_data(pfn)) / kSizes[klass];
  o->next = reinterpret_cast<FreeObject*>(u64{m.slab.free_head});
  m.slab.free_head = static_cast<u16>(index + 1);
  --k.in_use;
  if (m.slab.in_use == m.slab.objects) list_add(k, pfn);
  if (--m.slab.in_use != 0) return 0;
  list_remove(k, pfn);
  return pfn;
}

void give_slabs_back(u32 first) {
  while (first != 0) {
    const u32 next = frame_meta(first).next;
    frame_free(first);
    first = next;
  }
}

void put_chain(u32 klass, FreeObject* chain) {
  HeapClass& k = g_classes[klass];
  u32 empty = 0;
  {
    LeafLock l(k.lock);
    while (chain) {
      FreeObject* next = chain->next;
      if (const u64 pfn = put_object(k, klass, chain)) {
        frame_meta(pfn).next = empty;
        empty = static_cast<u32>(pfn);
      }
      chain = next;
    }
  }
  give_slabs_back(empty);
}

// A chain of 1 to `want` objects.
FreeObject* get_chain(u32 klass, u32 want, u32& got) {
  HeapClass& k = g_classes[klass];
  FreeObject* chain = nullptr;
  got = 0;
  {
    LeafLock l(k.lock);
    if (want == chain_length(klass) && k.depot_count != 0) {
      got = want;
      return k.depot[--k.depot_count];
    }
    got = take_objects(k, klass, want, chain);
    if (got != 0) return chain;
  }
  const u64 pfn = frame_alloc(FrameKind::slab);
  FrameMeta& m = frame_meta(pfn);
  m.size_class = static_cast<u8>(klass);
  m.slab.free_head = m.slab.in_use = m.slab.carved = 0;
  m.slab.objects = static_cast<u16>(kPageSize / kSizes[klass]);
  LeafLock l(k.lock);
  list_add(k, pfn);
  got = take_objects(k, klass, want, chain);
  return chain;
}

// ---- the CPU's magazine -------------------------------------------------------------------------------------------------

[[gnu::noinline]] FreeObject* refill(u32 klass, HeapMagazine& g) {
  if (g.spare) {
    g.head = g.spare;
    g.count = g.spare_count;
    g.spare = nullptr;
    g.spare_count = 0;
  } else {
    g.head = get_chain(klass, chain_length(klass), g.count);
  }
  return static_cast<FreeObject*>(g.head);
}

// The current chain is full: it becomes the spare one, whose predecessor goes to the depot or the slabs.
[[gnu::noinline]] void put_away(u32 klass, HeapMagazine& g) {
  FreeObject* old = static_cast<FreeObject*>(g.spare);
  g.spare = g.head;
  g.spare_count = g.count;
  g.head = nullptr;
  g.count = 0;
  if (!old) return;
  HeapClass& k = g_classes[klass];
  {
    LeafLock l(k.lock);
    if (k.depot_count != kDepotMax) {
      k.depot[k.depot_count++] = old;
      return;
    }
  }
  put_chain(klass, old);
}

[[gnu::noinline]] FreeObject* alloc_nested(u32 klass) {
  u32 got = 0;
  return get_chain(klass, 1, got);
}

inline void* alloc_small(u32 klass) {
  FreeObject* o = nullptr;
  {
    CpuCache c;
    if (c) [[likely]] {
      HeapMagazine& g = c->magazines[klass];
      o = static_cast<FreeObject*>(g.head);
      if (!o) [[unlikely]] o = refill(klass, g);
      g.head = o->next;
      --g.count;
    } else {
      o = alloc_nested(klass);
    }
  }
  o->mark = 0;
  return o;
}

// Is the object in this CPU's magazine, the depot or its slab? (Other CPUs' magazines are not looked at.)
[[gnu::noinline, gnu::cold]] void check_not_free(const MemPerCpu* m, u32 klass, const FreeObject* o) {
  const auto in = [o](const void* chain) {
    for (const auto* i = static_cast<const FreeObject*>(chain); i; i = i->next)
      if (i == o) panic("heap: an object was freed twice");
  };
  if (m) {
    in(m->magazines[klass].head);
    in(m->magazines[klass].spare);
  }
  HeapClass& k = g_classes[klass];
  LeafLock l(k.lock);
  for (u32 i = 0; i != k.depot_count; ++i) in(k.depot[i]);
  const u64 pfn = frame_of(o);
  const u8* base = frame_data(pfn);
  for (u64 i = frame_meta(pfn).slab.free_head; i != 0;) {
    // SAFETY: free_head and the links of a slab's free objects are indices from 1 of objects inside the frame.
    const auto* f = reinterpret_cast<const FreeObject*>(base + (i - 1) * kSizes[klass]);
    if (f == o) panic("heap: an object was freed twice");
    i = static_cast<u16>(reinterpret_cast<u64>(f->next));
  }
}

inline void free_small(u32 klass, void* p) {
  // SAFETY: heap_free has checked that p is the start of an object of a slab of this class; it is free now, and large enough.
  auto* o = static_cast<FreeObject*>(p);
  const u64 mark = mark_of(o);
  {
    CpuCache c;
    if (o->mark == mark) [[unlikely]] check_not_free(c ? &*c : nullptr, klass, o);
    o->mark = mark;
    if (c) [[likely]] {
      HeapMagazine& g = c->magazines[klass];
      if (g.count == chain_length(klass)) [[unlikely]] put_away(klass, g);
      o->next = static_cast<FreeObject*>(g.head);
      g.head = o;
      ++g.count;
      return;
    }
  }
  o->next = nullptr;
  put_chain(klass, o);
}

[[gnu::noinline]] void free_pages(const void* p, u64 pfn, FrameKind kind) {
  // SAFETY: a number to check.
  if (kind != FrameKind::large || (reinterpret_cast<u64>(p) & kPageMask) != 0) panic("heap: freed what was never allocated");
  frame_free(pfn);
}

u32 order_for(usize bytes) {
  u32 order = 0;
  while ((kPageSize << order) < bytes) ++order;
  return order;
}

}  // namespace

void heap_set_ready() { g_heap_ready = true; }

[[gnu::noinline]] static void* alloc_other(usize size, usize align) {
  // Slabs begin at a page: objects of power-of-two sizes are naturally aligned. All sizes are multiples of 16.
  if (align > 16 && size <= kHeapSmallMax && align <= kHeapSmallMax) {
    usize p = align;
    while (p < size) p *= 2;
    return alloc_small(kClassOf.of[p / 16]);
  }
  if (size < align) size = align;
  if (size > kHeapMax || align > kHeapMax) panic("heap: more than 64 MiB in one block");
  const u32 order = order_for(size);
  if (order <= kMaxOrder)
    if (const u64 pfn = frame_alloc_order(FrameKind::large, order)) return frame_data(pfn);
  return pieces_alloc((size + kPageMask) >> kPageShift, order);
}

void* heap_alloc(usize size, usize align) {
  if (size > kHeapSmallMax || align > 16) [[unlikely]] return alloc_other(size, align);
  return alloc_small(kClassOf.of[(size + 15) / 16]);
}

void heap_free(void* p) {
  const u64 pfn = frame_of(p);
  if (pfn >= g_frames.frames) [[unlikely]] {
    if (in_pieces(p)) return pieces_free(p);
    panic("heap: freed what was never allocated");
  }
  const FrameMeta& m = frame_meta(pfn);
  if (m.kind != FrameKind::slab) [[unlikely]] return free_pages(p, pfn, m.kind);
  const u32 klass = m.size_class;
  const ClassInfo& info = kInfos.of[klass];
  // SAFETY: a number to check.
  const u32 offset = static_cast<u32>(reinterpret_cast<u64>(p) & kPageMask);
  if ((offset * info.reciprocal >> 20) * info.size != offset) [[unlikely]] panic("heap: freed the inside of an object");
  free_small(klass, p);
}

usize heap_size(const void* p) {
  if (in_pieces(p)) return pieces_size(p);
  const FrameMeta& m = frame_meta(frame_of(p));
  return m.kind == FrameKind::slab ? kSizes[m.size_class] : kPageSize << m.order;
}

usize heap_bytes_in_use() {
  usize bytes = (frames_of_kind(FrameKind::large) + frames_of_kind(FrameKind::piece)) << kPageShift;
  for (u32 klass = 0; klass != kHeapClasses; ++klass) {
    HeapClass& k = g_classes[klass];
    LeafLock l(k.lock);
    usize idle = usize{k.depot_count} * chain_length(klass);
    each_mem_cpu([&](const MemPerCpu& m) {
      const HeapMagazine& g = m.magazines[klass];
      idle += __atomic_load_n(&g.count, __ATOMIC_RELAXED) + __atomic_load_n(&g.spare_count, __ATOMIC_RELAXED);
    });
    if (k.in_use > idle) bytes += (k.in_use - idle) * kSizes[klass];
  }
  return bytes + static_cast<usize>(g_sanitizer_heap_bytes.load(Order::relaxed));
}

usize heap_trim() {
  usize before = frames_of_kind(FrameKind::slab);
  for (u32 klass = 0; klass != kHeapClasses; ++klass)
    for (;;) {
      HeapClass& k = g_classes[klass];
      FreeObject* chain = nullptr;
      {
        LeafLock l(k.lock);
        if (k.depot_count == 0) break;
        chain = k.depot[--k.depot_count];
      }
      put_chain(klass, chain);
    }
  const usize after = frames_of_kind(FrameKind::slab);
  return before > after ? before - after : 0;
}

}  // namespace ostd::common
