// SPDX-License-Identifier: MPL-2.0
// Which parts of the memory a core dump has. [core(5) "Controlling which mappings are written to the core dump"]
#include <services/process/core_parts.h>

namespace svc::proc {
namespace {

namespace filter { constexpr u32 anonymous_private = 1, anonymous_shared = 2, mapped_private = 4, mapped_shared = 8, elf_headers = 16; }

bool starts_like_elf(CoreMemory m, VirtAddr at) {
  Array<u8, 4> head{};
  return m.peek(at, head.items()).ok() && head[0] == 0x7f && head[1] == 'E' && head[2] == 'L' && head[3] == 'F';
}

u64 dumped_of(CoreMemory m, const vm::AreaInfo& a, u32 wanted) {
  const u64 whole = a.range.size();
  const auto has = [&](u32 bit) { return (wanted & bit) != 0; };
  if (a.name.view() == "[vdso]") return whole;
  if (a.dont_dump || a.name.view() == "[vvar]") return 0;
  if (a.sharing == vm::Sharing::shared) {
    const bool nameless = !a.file || (*a.file)->link_count() == 0;
    return has(nameless ? filter::anonymous_shared : filter::mapped_shared) ? whole : 0;
  }
  if (has(filter::anonymous_private) && m.has_own_pages(a)) return whole;
  if (!a.file) return 0;
  if (has(filter::mapped_private)) return whole;
  const bool head = has(filter::elf_headers) && a.offset == 0 && a.prot.read;
  return head && ((*a.file)->executable() || starts_like_elf(m, a.range.begin)) ? kPageSize : 0;
}

}  // namespace

Result<Segments> segments_of(CoreMemory m, u32 wanted) {
  usize count = 0;
  m.each_area([&](const vm::AreaInfo&) { ++count; });
  constexpr usize kInPage = 16;
  TRY(mem::reserve(count / kInPage + 32));
  Segments out{};
  m.each_area([&](const vm::AreaInfo& a) {
    Segment s{a.range, a.prot, a.offset, 0, a.file};
    s.dumped = dumped_of(m, a, wanted);
    if (out.size() <= count + kInPage) out.insert(a.range.begin.value, std::move(s));
  });
  return out;
}

}  // namespace svc::proc
