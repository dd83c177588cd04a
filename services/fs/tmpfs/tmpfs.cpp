// SPDX-License-Identifier: MPL-2.0
// tmpfs: the file system itself: budgets, options. [tmpfs(5)]
#include <base/array.h>
#include <base/bytes.h>
#include <base/format.h>
#include <ostd/random.h>
#include <services/fs/tmpfs/tmpfs.h>

namespace svc::fs {
namespace {


// A number with an optional k, m, g or % suffix. Errors: invalid_argument.
Result<u64> parse_size(std::string_view v, u64 hundred_percent) {
  u64 n = 0;
  usize i = 0;
  for (; i < v.size() && v[i] >= '0' && v[i] <= '9'; ++i) {
    if (n > (~0ULL >> 8)) return Errc::invalid_argument;
    n = n * 10 + static_cast<u64>(v[i] - '0');
  }
  if (i == 0) return Errc::invalid_argument;
  const std::string_view suffix = v.substr(i);
  if (suffix.empty()) return n;
  if (suffix == "k" || suffix == "K") return n << 10;
  if (suffix == "m" || suffix == "M") return n << 20;
  if (suffix == "g" || suffix == "G") return n << 30;
  if (suffix == "%") return hundred_percent / 100 * n;
  return Errc::invalid_argument;
}

Result<u32> parse_octal(std::string_view v) {
  u32 n = 0;
  if (v.empty() || v.size() > 6) return Errc::invalid_argument;
  for (const char c : v) {
    if (c < '0' || c > '7') return Errc::invalid_argument;
    n = n * 8 + static_cast<u32>(c - '0');
  }
  return n;
}

}  // namespace

Result<TmpfsOptions> Tmpfs::parse_options(std::string_view text, const TmpfsOptions& defaults) {
  TmpfsOptions o = defaults;
  usize at = 0;
  while (at < text.size()) {
    const usize comma = text.find(',', at);
    const std::string_view word = text.substr(at, comma == std::string_view::npos ? comma : comma - at);
    at = comma == std::string_view::npos ? text.size() : comma + 1;
    if (word.empty()) continue;
    const usize eq = word.find('=');
    const std::string_view key = word.substr(0, eq);
    const std::string_view value = eq == std::string_view::npos ? std::string_view() : word.substr(eq + 1);
    if (key == "size") o.size_bytes = TRY(parse_size(value, defaults.size_bytes * 2));
    else if (key == "nr_blocks") o.size_bytes = TRY(parse_size(value, 0)) * kPageSize;
    else if (key == "nr_inodes") o.max_inodes = TRY(parse_size(value, 0));
    else if (key == "mode") o.root_mode = Mode{static_cast<u16>(TRY(parse_octal(value)) & 07777)};
    else if (key == "uid") o.uid = Uid{static_cast<u32>(TRY(parse_size(value, 0)))};
    else if (key == "gid") o.gid = Gid{static_cast<u32>(TRY(parse_size(value, 0)))};
    else return Errc::invalid_argument;
  }
  return o;
}

Ref<Tmpfs> Tmpfs::create(StaticStr type, u32 minor, const TmpfsOptions& o) {
  const Ref<Tmpfs> fs = make_ref<Tmpfs>(type, minor, o);
  Inode::NewInode root{};
  root.type = FileType::directory;
  root.mode = o.root_mode;
  root.uid = o.uid;
  root.gid = o.gid;
  static_cast<void>(fs->take_inode().ok());
  const Ref<TmpInode> inode = make_ref<TmpInode>(fs, root, fs->next_ino());
  fs->root_.with([&](Opt<Ref<TmpInode>>& r) { r = Opt<Ref<TmpInode>>(inode); });
  return fs;
}

Ref<Inode> Tmpfs::root() const {
  return root_.with([](Opt<Ref<TmpInode>>& r) { return Ref<Inode>(*r); });
}

void Tmpfs::last_unmounted() const {
  if (!options_.ends_unmounted) return;
  const Opt<Ref<TmpInode>> root = root_.with([](Opt<Ref<TmpInode>>& r) { return r.take(); });
  if (root) (*root)->clear_tree();
}

StatFs Tmpfs::statfs() const {
  StatFs s{};
  s.type_magic = options_.magic;
  s.blocks = most_bytes_.load() >> kPageShift;
  const u64 used = used_pages_.load();
  s.blocks_free = s.blocks > used ? s.blocks - used : 0;
  s.files = most_inodes_.load();
  const u64 inodes = used_inodes();
  s.files_free = s.files > inodes ? s.files - inodes : 0;
  return s;
}

String Tmpfs::options() const {
  if (type_.view() == "rootfs") return String();
  return ostd::format(",size={}k", most_bytes_.load() >> 10);
}

// Owner and mode of the root stay; a limit below what is in use is refused.
Status Tmpfs::reconfigure(std::string_view options) const {
  TmpfsOptions now = options_;
  now.size_bytes = most_bytes_.load();
  now.max_inodes = most_inodes_.load();
  const TmpfsOptions next = TRY(parse_options(options, now));
  if (next.size_bytes != 0 && next.size_bytes >> kPageShift < used_pages_.load()) return Errc::invalid_argument;
  if (next.max_inodes != 0 && next.max_inodes < used_inodes()) return Errc::invalid_argument;
  most_bytes_.store(next.size_bytes);
  most_inodes_.store(next.max_inodes);
  return Ok();
}

Status Tmpfs::take_pages(u64 n) const {
  const u64 limit = most_bytes_.load() >> kPageShift;
  if (used_pages_.fetch_add(n) + n > limit && limit != 0) {
    used_pages_.fetch_sub(n);
    return Errc::no_space;
  }
  return Ok();
}

Status Tmpfs::take_inode_bytes(u64 n) const {
  const u64 limit = most_inodes_.load();
  if (used_inode_bytes_.fetch_add(n) + n > limit * kInodeBytes && limit != 0) {
    used_inode_bytes_.fetch_sub(n);
    return Errc::no_space;
  }
  return Ok();
}

// ---- handles [open_by_handle_at(2)] ----

Opt<FileSystem::Handle> Tmpfs::handle_of(const Inode& inode) const {
  const Opt<Ref<TmpInode>> i = ref_of(inode).as<TmpInode>();
  if (!i || !options_.handles) return none;
  if (generation_.load() == 0) {
    Array<u8, 4> r{};
    random::fill(r.items());
    u32 none_yet = 0;
    static_cast<void>(generation_.compare_exchange(none_yet, *from_bytes<u32>(r.items()) | 1));
  }
  if ((*i)->has_handle().exchange(1) == 0) known_.with([&](HashMap<u64, Weak<TmpInode>>& m) { static_cast<void>(m.put((*i)->ino(), Weak<TmpInode>(*i))); });
  return Handle{generation_.load(), (*i)->ino()};
}

Opt<Ref<Inode>> Tmpfs::by_handle(const Handle& h) const {
  if (h.generation == 0 || h.generation != generation_.load()) return none;
  const Opt<Ref<TmpInode>> found = known_.with([&](HashMap<u64, Weak<TmpInode>>& m) {
    Opt<Ref<TmpInode>> i{};
    m.with(h.ino, [&](Weak<TmpInode>& w) { i = w.lock(); });
    return i;
  });
  return found ? Opt<Ref<Inode>>(Ref<Inode>(*found)) : Opt<Ref<Inode>>();
}

void Tmpfs::forget(u64 ino) const {
  const Opt<Weak<TmpInode>> gone = known_.with([&](HashMap<u64, Weak<TmpInode>>& m) { return m.remove(ino); });
}

// ---- pages ----

TmpPages::~TmpPages() { fs_->give_pages(count_.load()); }

Result<UFrame> TmpPages::page(u64 index, Access access) const {
  if (index >= page_up(size_bytes()) >> kPageShift) return Errc::io;
  return page_for_write(index);
}

Opt<UFrame> TmpPages::page_if_present(u64 index) const {
  return pages_.with([&](Pages& p) { return p.frames.get(index); });
}

bool TmpPages::Pages::is_reserved(u64 index) {
  const Opt<u64> word = reserved.get(index / 64);
  return word && (*word >> index % 64 & 1) != 0;
}
void TmpPages::Pages::set_reserved(u64 index) {
  const u64 bit = 1ULL << index % 64;
  if (!reserved.with(index / 64, [&](u64& w) { w |= bit; })) static_cast<void>(reserved.insert(index / 64, bit));
}
void TmpPages::Pages::clear_reserved(u64 index) {
  bool none_left = false;
  if (reserved.with(index / 64, [&](u64& w) {
        w &= ~(1ULL << index % 64);
        none_left = w == 0;
      }) && none_left)
    static_cast<void>(reserved.remove(index / 64));
}

Result<UFrame> TmpPages::page_for_write(u64 index) const {
  Opt<UFrame> here = pages_.with([&](Pages& p) {
    Opt<UFrame> f = p.frames.get(index);
    if (f) p.clear_reserved(index);
    return f;
  });
  if (here) return *std::move(here);
  TRY(mem::reserve(4));
  TRY(fs_->take_pages(1));
  UFrame fresh = UFrame::alloc();
  return pages_.with([&](Pages& p) -> Result<UFrame> {
    Map<u64, UFrame>& m = p.frames;
    Opt<UFrame> other = m.get(index);
    if (other) {
      p.clear_reserved(index);
      fs_->give_pages(1);
      return *std::move(other);
    }
    m.insert(index, fresh);
    count_.fetch_add(1, Order::relaxed);
    return fresh;
  });
}

Status TmpPages::fill(u64 first, u64 end) const {
  u64 missing = end > first ? end - first : 0;
  for (Opt<u64> k = next_present(first); k && *k < end; k = next_present(*k + 1)) --missing;
  if (missing == 0) return Ok();
  constexpr u64 kNodesPerPage = 64;
  TRY(mem::reserve(missing + 2 * (missing / kNodesPerPage) + 8));
  TRY(fs_->take_pages(missing));
  for (u64 i = first; i < end && missing != 0; ++i) {
    if (page_if_present(i)) continue;
    const UFrame fresh = UFrame::alloc();
    // A fault may have been faster.
    const bool mine = pages_.with([&](Pages& p) {
      if (!p.frames.insert(i, fresh)) return false;
      p.set_reserved(i);
      return true;
    });
    if (!mine) continue;
    count_.fetch_add(1, Order::relaxed);
    --missing;
  }
  fs_->give_pages(missing);
  return Ok();
}

void TmpPages::drop_from(u64 first) const { drop_range(first, ~0ULL); }

void TmpPages::drop_range(u64 first, u64 end) const {
  constexpr usize kPiece = 32;  // freeing must not need memory
  for (bool more = true; more;) {
    Vec<UFrame, kPiece> gone{};
    pages_.with([&](Pages& p) {
      Map<u64, UFrame>& m = p.frames;
      Opt<u64> k = m.lower_bound(first);
      for (; k && *k < end && gone.size() < kPiece; k = m.lower_bound(first)) {
        Opt<UFrame> f = m.remove(*k);
        p.clear_reserved(*k);
        if (f) gone.push_back(*std::move(f));
      }
      more = k && *k < end;
    });
    count_.fetch_sub(gone.size(), Order::relaxed);
    fs_->give_pages(gone.size());
  }
  users_.drop(*this, first, end, true);
}

Opt<u64> TmpPages::next_present(u64 index) const {
  return pages_.with([&](Pages& p) { return p.frames.lower_bound(index); });
}

Opt<u64> TmpPages::next_data(u64 index) const {
  for (Opt<u64> at = next_present(index); at; at = next_present(*at + 1)) {
    if (has_data(*at)) return at;
    ostd::task::preempt_point();
  }
  return none;
}

}  // namespace svc::fs
