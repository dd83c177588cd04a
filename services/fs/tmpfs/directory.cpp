// SPDX-License-Identifier: MPL-2.0
// tmpfs directories. The VFS serialises changes of one directory (dir_lock) and renames of one file system.
#include <services/fs/tmpfs/tmpfs.h>

namespace svc::fs {

Opt<Ref<TmpInode>> TmpInode::find(std::string_view name) const {
  return dir_.with([&](Directory& d) {
    Opt<Ref<TmpInode>> out{};
    const Opt<u64> cookie = d.cookies.get(name);
    if (cookie) d.entries.with(*cookie, [&](Entry& e) { out = e.inode; });
    return out;
  });
}

void TmpInode::insert(std::string_view name, const Ref<TmpInode>& inode) const {
  const u64 cookie = dir_.with([&](Directory& d) {
    const u64 next = d.next_cookie++;
    d.cookies.insert(String(name), next);
    d.entries.insert(next, Entry{String(name), Opt<Ref<TmpInode>>(inode)});
    return next;
  });
  inode->linked(*this, cookie);
}

void TmpInode::linked(const TmpInode& dir, u64 cookie) const {
  links_.with([&](Links& l) {
    if (l.newest.dir) l.older.insert(LinkKey{l.newest.dir_ino, l.newest.cookie}, *std::move(l.newest.dir));
    l.newest = Link{dir.ino(), cookie, Opt<Weak<TmpInode>>(Weak<TmpInode>(ref_of(dir)))};
  });
}

void TmpInode::lost_link(u64 dir_ino, u64 cookie) const {
  const Opt<Weak<TmpInode>> gone = links_.with([&](Links& l) {
    if (l.newest.dir_ino != dir_ino || l.newest.cookie != cookie) return l.older.remove(LinkKey{dir_ino, cookie});
    Opt<Weak<TmpInode>> old = std::exchange(l.newest.dir, Opt<Weak<TmpInode>>());
    l.newest = Link{};
    const Opt<LinkKey> other = l.older.first_key();
    if (other) l.newest = Link{other->dir_ino, other->cookie, l.older.remove(*other)};
    return old;
  });
}

Opt<Inode::Name> TmpInode::newest_name() const {
  Opt<Ref<TmpInode>> dir{};
  const u64 cookie = links_.with([&](Links& l) {
    if (l.newest.dir) dir = l.newest.dir->lock();
    return l.newest.cookie;
  });
  if (!dir) return none;
  Opt<String> name = (*dir)->dir_.with([&](Directory& d) {
    Opt<String> n{};
    d.entries.with(cookie, [&](Entry& e) { n = e.name; });
    return n;
  });
  if (!name) return none;
  return Opt<Name>(Name{Ref<Inode>(*dir), *std::move(name)});
}

Opt<Ref<TmpInode>> TmpInode::erase(std::string_view name) const {
  u64 at = 0;
  Opt<Entry> e = dir_.with([&](Directory& d) {
    const Opt<u64> cookie = d.cookies.remove(name);
    at = cookie.value_or(0);
    return cookie ? d.entries.remove(*cookie) : Opt<Entry>();
  });
  if (e && e->inode) (*e->inode)->lost_link(ino_, at);
  return e ? std::move(e->inode) : Opt<Ref<TmpInode>>();
}

// Drops entries up to the first directory that has entries itself, which it returns; nothing: all are gone.
Opt<Ref<TmpInode>> TmpInode::shed() const {
  for (;;) {
    Opt<Entry> first = dir_.with([](Directory& d) -> Opt<Entry> {
      const Opt<u64> k = d.entries.first_key();
      if (!k) return none;
      Entry copy{};
      d.entries.with(*k, [&](Entry& e) { copy = Entry{e.name, e.inode}; });
      return Opt<Entry>(std::move(copy));
    });
    if (!first || !first->inode) return none;
    const Ref<TmpInode> inode = *first->inode;
    if (inode->type_ == FileType::directory && !inode->empty_directory()) return Opt<Ref<TmpInode>>(inode);
    const Opt<Ref<TmpInode>> gone = erase(first->name.view());
  }
}

void TmpInode::clear_tree() const {
  for (;;) {
    Opt<Ref<TmpInode>> below = shed();
    if (!below) return;
    while (below) {
      const Ref<TmpInode> dir = *below;
      below = dir->shed();
    }
  }
}

bool TmpInode::empty_directory() const {
  return dir_.with([](Directory& d) { return d.entries.empty(); });
}

Result<Ref<Inode>> TmpInode::lookup(std::string_view name) const {
  if (type_ != FileType::directory) return Errc::not_directory;
  const Opt<Ref<TmpInode>> i = find(name);
  if (!i) return Errc::not_found;
  return Ref<Inode>(*i);
}

Status TmpInode::add_entry(std::string_view name, const Ref<TmpInode>& inode) const {
  if (type_ != FileType::directory) return Errc::not_directory;
  if (nlink_.load() == 0) return Errc::not_found;
  if (find(name)) return Errc::exists;
  insert(name, inode);
  if (inode->type_ == FileType::directory) nlink_.fetch_add(1);
  touch(true);
  return Ok();
}

Result<Ref<Inode>> TmpInode::create(std::string_view name, const NewInode& what) const {
  const Ref<TmpInode> i = TRY(TmpInode::create(fs_, what));
  TRY(add_entry(name, i));
  return Ref<Inode>(i);
}

Result<Ref<Inode>> TmpInode::create_nameless(const NewInode& what, Nameless kind) const {
  const Ref<TmpInode> i = TRY(TmpInode::create(fs_, what));
  i->set_unlinked();
  i->linkable_.store(kind == Nameless::linkable ? 1 : 0);
  return Ref<Inode>(i);
}

Status TmpInode::link(std::string_view name, const Ref<Inode>& target) const {
  const Opt<Ref<TmpInode>> i = target.as<TmpInode>();
  if (!i || !(*i)->fs_.same(fs_)) return Errc::cross_device;
  TRY(add_entry(name, *i));
  (*i)->nlink_.fetch_add(1);
  (*i)->linkable_.store(0);
  (*i)->touch(false);
  return Ok();
}

Status TmpInode::unlink(std::string_view name) const {
  const Opt<Ref<TmpInode>> i = find(name);
  if (!i) return Errc::not_found;
  if ((*i)->type_ == FileType::directory) return Errc::is_directory;
  const Opt<Ref<TmpInode>> gone = erase(name);
  (*i)->nlink_.fetch_sub(1);
  (*i)->touch(false);
  touch(true);
  return Ok();
}

Status TmpInode::rmdir(std::string_view name) const {
  const Opt<Ref<TmpInode>> i = find(name);
  if (!i) return Errc::not_found;
  if ((*i)->type_ != FileType::directory) return Errc::not_directory;
  if (!(*i)->empty_directory()) return Errc::not_empty;
  const Opt<Ref<TmpInode>> gone = erase(name);
  (*i)->nlink_.store(0);
  nlink_.fetch_sub(1);
  touch(true);
  return Ok();
}

Status TmpInode::rename(std::string_view name, const Ref<Inode>& to_dir, std::string_view to_name, RenameMode mode) const {
  const Opt<Ref<TmpInode>> to = to_dir.as<TmpInode>();
  if (!to || !(*to)->fs_.same(fs_)) return Errc::cross_device;
  const Opt<Ref<TmpInode>> moving = find(name);
  if (!moving) return Errc::not_found;
  const Opt<Ref<TmpInode>> there = (*to)->find(to_name);
  const bool dir = (*moving)->type_ == FileType::directory;
  if (mode == RenameMode::exchange) {
    if (!there) return Errc::not_found;
    const bool other_dir = (*there)->type_ == FileType::directory;
    const Opt<Ref<TmpInode>> a = erase(name), b = (*to)->erase(to_name);
    insert(name, *there);
    (*to)->insert(to_name, *moving);
    if (dir != other_dir) {
      (dir ? *this : **to).nlink_.fetch_sub(1);
      (dir ? **to : *this).nlink_.fetch_add(1);
    }
  } else {
    if (there && mode == RenameMode::no_replace) return Errc::exists;
    if (there && (*there).same(*moving)) return Ok();
    if (there) {
      const bool there_dir = (*there)->type_ == FileType::directory;
      if (dir && !there_dir) return Errc::not_directory;
      if (!dir && there_dir) return Errc::is_directory;
      if (there_dir && !(*there)->empty_directory()) return Errc::not_empty;
      const Opt<Ref<TmpInode>> replaced = (*to)->erase(to_name);
      if (there_dir) {
        (*there)->nlink_.store(0);
        (*to)->nlink_.fetch_sub(1);
      } else {
        (*there)->nlink_.fetch_sub(1);
        (*there)->touch(false);
      }
    }
    const Opt<Ref<TmpInode>> taken = erase(name);
    (*to)->insert(to_name, *moving);
    if (dir) {
      nlink_.fetch_sub(1);
      (*to)->nlink_.fetch_add(1);
    }
  }
  (*moving)->touch(false);
  touch(true);
  if (!to->same(*this)) (*to)->touch(true);
  return Ok();
}

Status TmpInode::read_dir(u64 cookie, DirSink& sink, u64& after) const {
  if (type_ != FileType::directory) return Errc::not_directory;
  // The newest first, as Linux does; 2 is where "." and ".." end.
  u64 at = cookie == 2 ? ~0ULL : cookie;
  for (;;) {
    struct Next { u64 cookie = 0; String name{}; Opt<Ref<TmpInode>> inode{}; };
    const Opt<Next> next = dir_.with([&](Directory& d) -> Opt<Next> {
      const Opt<u64> k = d.entries.below(at);
      if (!k) return none;
      Next n{};
      n.cookie = *k;
      d.entries.with(*k, [&](Entry& e) {
        n.name = e.name;
        n.inode = e.inode;
      });
      return n;
    });
    if (!next) return Ok();
    if (!sink.entry(next->name.view(), (*next->inode)->ino(), (*next->inode)->type(), next->cookie)) return Ok();
    after = next->cookie;
    at = next->cookie;
    ostd::task::preempt_point();
  }
}

}  // namespace svc::fs
