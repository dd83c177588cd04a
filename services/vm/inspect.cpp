// SPDX-License-Identifier: MPL-2.0
// Vm: what /proc shows of it, and its memory for others than its own threads.
#include <base/array.h>
#include <ostd/user_io.h>
#include <services/vm/state.h>

namespace svc::vm {
namespace {

constexpr u64 kMostText = 8ULL << 20;    // of arguments or environment, whatever the program says

usize within_page(VirtAddr at, usize most) {
  const usize left = kPageSize - at.page_offset();
  return left < most ? left : most;
}

}  // namespace

// In pieces: between two of them areas may come and go.
void Vm::each_area(FnRef<void(const AreaInfo&)> f) const {
  constexpr usize kPiece = 32;
  for (Opt<u64> next{0}; next;) {
    Vec<AreaInfo> list{};
    next = state_->areas.read([&](const Areas& a) {
      Opt<u64> k = a.by_start.lower_bound(*next);
      for (; k && list.size() < kPiece; k = a.by_start.lower_bound(*k + 1)) {
        AreaInfo i{};
        a.by_start.with(*k, [&](const Area& x) {
          i.range = x.range;
          i.prot = x.prot;
          i.sharing = x.sharing;
          i.offset = x.offset;
          i.file = x.file;
          i.name = x.name;
          i.dont_dump = x.dont_dump;
          i.locked = x.locked;
          i.lock_on_fault = x.lock_on_fault;
          i.dont_fork = x.dont_fork;
          i.wipe_on_fork = x.wipe_on_fork;
          i.sealed = x.sealed;
          i.grows_down = x.grows_down;
          i.may_read = x.may({true, false, false});
          i.may_write = x.may({false, true, false});
          i.may_exec = x.may({false, false, true});
          i.no_reserve = x.no_reserve;
          i.accounted = x.commit.pages() != 0;
        });
        list.push_back(std::move(i));
      }
      return k;
    });
    for (const AreaInfo& i : list) f(i);
  }
}

VmStats Vm::stats() const {
  VmStats s{};
  s.resident_pages = space_->mapped_pages();
  s.table_pages = space_->table_pages();
  state_->areas.read([&](const Areas& a) {
    s.total_pages = a.total_pages;
    s.peak_total_pages = a.peak_pages;
    s.locked_pages = a.locked_pages;
    a.by_start.each([&](const u64&, const Area& x) {
      if (x.grows_down) s.stack_pages += x.pages();
      else if (x.prot.exec) s.exec_pages += x.pages();
      else if (x.prot.write && x.sharing == Sharing::private_) s.data_pages += x.pages();
      if (x.sharing == Sharing::shared) s.shared_pages += x.pages();
    });
    return true;
  });
  s.peak_resident_pages = peak_resident_pages();
  return s;
}

u64 Vm::peak_resident_pages() const {
  const u64 now = space_->mapped_pages();
  u64 peak = state_->peak_resident.load(Order::relaxed);
  while (peak < now && !state_->peak_resident.compare_exchange(peak, now)) {
  }
  return peak < now ? now : peak;
}

// Pages of a private mapping that can be written may be the process's own; they are counted as such.
Resident Vm::resident() const {
  Resident r{};
  each_area([&](const AreaInfo& a) {
    u64 n = 0;
    each_page(a, [&](const Mapping&) { ++n; });
    if (a.sharing == Sharing::shared && !a.file) r.shared_memory += n;
    else if (a.file && (a.sharing == Sharing::shared || !a.prot.write)) r.file += n;
    else r.anonymous += n;
  });
  return r;
}

u64 Vm::file_shares(u64 one) const {
  constexpr u32 kNotMappings = 2;   // the file's share and this walk's
  u64 sum = 0;
  each_area([&](const AreaInfo& a) {
    if (!a.file || (a.sharing == Sharing::private_ && a.prot.write)) return;
    each_page(a, [&](const Mapping& m) {
      const u32 shares = m.frame.share_count();
      sum += one / (shares > kNotMappings ? shares - kNotMappings : 1);
    });
  });
  return sum;
}

void Vm::each_page(const AreaInfo& a, FnRef<void(const Mapping&)> f) const {
  const Cursor c(*space_, a.range);
  c.each(a.range, [&](VirtAddr, const Mapping& m) { f(m); });
}

Layout Vm::layout() const { return state_->areas.read([](const Areas& a) { return a.layout; }); }
Vec<u64> Vm::auxv() const { return state_->areas.read([](const Areas& a) { return a.auxv; }); }
void Vm::set_layout(const Layout& l, Vec<u64> auxv) const {
  state_->areas.write([&](Areas& a) {
    a.layout = l;
    std::swap(a.auxv, auxv);
  });
}
u64 Vm::code_pages() const {
  const Layout l = layout();
  return (page_up(l.end_code.value) - l.start_code.page_down().value) >> kPageShift;
}

// What cannot be read ends it.
void Vm::copy_text(VirtAddr begin, VirtAddr end, String& out) const {
  if (begin >= end || end.value > kUserEnd.value) return;
  const u64 most = end - begin < kMostText ? end - begin : kMostText;
  Array<u8, 1024> chunk{};
  for (u64 done = 0; done < most;) {
    const u64 n = most - done < chunk.size() ? most - done : chunk.size();
    if (!read(begin + done, chunk.items().subspan(0, n)).ok()) return;
    out.append(std::span<const u8>(chunk.items().subspan(0, n)));
    done += n;
  }
}

// A program that overwrote the end of its arguments has one string there, which may go on into the environment.
void Vm::command_line(String& out) const {
  const Layout l = layout();
  copy_text(l.arg_start, l.arg_end, out);
  if (out.empty() || out[out.size() - 1] == '\0') return;
  if (l.env_start == l.arg_end) copy_text(l.env_start, l.env_end, out);
  const usize end = out.view().find('\0');
  if (end != std::string_view::npos) out.truncate(end + 1);
}

void Vm::environment(String& out) const {
  const Layout l = layout();
  copy_text(l.env_start, l.env_end, out);
}

Status Vm::read(VirtAddr at, std::span<u8> to) const { return user::read_bytes(*space_, at, to); }
Status Vm::write(VirtAddr at, std::span<const u8> from) const { return user::write_bytes(*space_, at, from); }

bool Vm::has_own_pages(const AreaInfo& info) const {
  return state_->areas.read([&](const Areas& a) {
    bool own = false;
    const Opt<u64> k = find_area(a, info.range.begin);
    if (!k) return false;
    a.by_start.with(*k, [&](const Area& x) {
      const VirtRange r{info.range.begin, info.range.end < x.range.end ? info.range.end : x.range.end};
      const Cursor c(*space_, r);
      c.each(r, [&](VirtAddr at, const Mapping& m) {
        if (own) return;
        const Opt<UFrame> of_file = present_page(x, at);
        own = !of_file || !of_file->same(m.frame);
      });
    });
    return own;
  });
}
bool Vm::snapshot(VirtAddr page, std::span<u8> to) const {
  const Opt<UFrame> f = state_->areas.read([&](const Areas& a) {
    Opt<UFrame> out{};
    const Opt<u64> k = find_area(a, page);
    if (!k) return out;
    a.by_start.with(*k, [&](const Area& x) {
      const Cursor c(*space_, {page, page + kPageSize});
      const Opt<Mapping> m = c.query(page);
      out = m ? Opt<UFrame>(m->frame) : present_page(x, page);
    });
    return out;
  });
  if (f) f->read(0, to);
  return f.has_value();
}

Status Vm::peek(VirtAddr at, std::span<u8> to) const {
  if (at.value >= kUserEnd.value || to.size() > kUserEnd - at) return Errc::fault;
  for (usize done = 0; done < to.size();) {
    const VirtAddr p = at + done;
    const usize n = within_page(p, to.size() - done);
    const std::span<u8> part = to.subspan(done, n);
    if (!read(p, part).ok()) {
      const UFrame f = TRY(force(p.page_down(), Access::read));
      f.read(p.page_offset(), part);
    }
    done += n;
  }
  return Ok();
}
Status Vm::poke(VirtAddr at, std::span<const u8> from) const {
  if (at.value >= kUserEnd.value || from.size() > kUserEnd - at) return Errc::fault;
  for (usize done = 0; done < from.size();) {
    const VirtAddr p = at + done;
    const usize n = within_page(p, from.size() - done);
    const std::span<const u8> part = from.subspan(done, n);
    if (!write(p, part).ok()) {
      const UFrame f = TRY(force(p.page_down(), Access::write));
      f.write(p.page_offset(), part);
    }
    done += n;
  }
  return Ok();
}

}  // namespace svc::vm
