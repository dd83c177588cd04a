// SPDX-License-Identifier: MPL-2.0
#include <ostd/reservation.h>
#include <services/net/endpoint.h>
#include <services/net/message.h>
#include <services/net/socket_file.h>

namespace svc::net {
namespace {

constexpr usize kSmall = 1024;

bool any_socket(const Vec<Passed>& files) {
  for (const Passed& f : files)
    if (f.ref().is<SocketFile>()) return true;
  return false;
}

}  // namespace

FileList::FileList(Vec<Passed> files, Ref<FlightQuota> quota) : files_(std::move(files)), quota_(std::move(quota)), has_sockets_(any_socket(files_)) {
  quota_->used.fetch_add(files_.size());
}
FileList::~FileList() { quota_->used.fetch_sub(files_.size()); }

Message::Message(Parts p, Ref<Endpoint> from, Opt<Ref<FileList>> files) : p_(std::move(p)), from_(std::move(from)), files_(std::move(files)) { from_->charge(p_.charge); }
Message::~Message() { from_->uncharge(p_.charge); }

Result<Message::Parts> Message::copy_in(Reader& from, usize n) {
  TRY(mem::reserve(n <= kSmall ? 3 : n / kPageSize + 5));
  Parts p{};
  p.length = n;
  if (n <= kSmall) {
    p.small.resize(n);
    if (n != 0 && TRY(from.read(p.small.items())) < n) return Errc::fault;
    return p;
  }
  for (usize left = n; left != 0;) {
    const usize part = left < kPageSize ? left : kPageSize;
    p.pages.push_back(UFrame::alloc(Zero::no));
    if (TRY(from.read_to(p.pages.back(), 0, part)) < part) return Errc::fault;
    left -= part;
  }
  return p;
}

Status Message::copy_out(Writer& to, usize skip, usize n) const {
  if (n == 0) return Ok();
  if (p_.pages.empty()) {
    if (TRY(to.write(p_.small.items().subspan(skip, n))) < n) return Errc::fault;
    return Ok();
  }
  for (usize done = 0; done < n;) {
    const usize at = skip + done, offset = at & kPageMask;
    const usize part = n - done < kPageSize - offset ? n - done : kPageSize - offset;
    if (TRY(to.write_from(p_.pages[at / kPageSize], offset, part)) < part) return Errc::fault;
    done += part;
  }
  return Ok();
}

Opt<Ref<FileList>> Message::files() const {
  return files_.with([](Opt<Ref<FileList>>& f) { return f; });
}
Opt<Ref<FileList>> Message::take_files() const {
  return files_.with([](Opt<Ref<FileList>>& f) { return f.take(); });
}

Opt<PeerId> Message::sender() const {
  return sender_.with([](Opt<PeerId>& s) { return s; });
}
void Message::set_sender(Opt<PeerId> s) const {
  sender_.with([&](Opt<PeerId>& x) { x = s; });
}

// A buffer's head comes in sizes of powers of two, what is over in pages; the description of both costs 256 bytes. [Linux: skbuff]
usize charge_of(usize n, usize most_in_head) {
  constexpr usize kDescription = 256, kShared = 320, kSmallHead = 704;
  const usize over = n > most_in_head ? (n - most_in_head + kPageMask) & ~kPageMask : 0;
  const usize head = ((n > over ? n - over : 0) + 63) / 64 * 64 + kShared;
  usize size = kSmallHead;
  if (head > size) {
    size = 1024;
    while (size < head) size *= 2;
  }
  return size + kDescription + over;
}

}  // namespace svc::net
