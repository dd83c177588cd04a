// SPDX-License-Identifier: MPL-2.0
// Finding and making objects. [shmget(2), semget(2), msgget(2)]
#include <services/ipc/space.h>

namespace svc::ipc {
namespace {

constexpr u32 kHuge = 04000, kHugeShift = 26, kHugeMask = 63;   // SHM_HUGETLB and the size in its flags
constexpr u64 kMaxFileSize = (1ULL << 63) - 1;

// There are no huge pages. Errors: what Linux says when none are reserved.
Status refuse_huge(const Context& who, const Space::ShmGet& q) {
  const u32 size = q.flags >> kHugeShift & kHugeMask;
  if (size != 0 && size != 21 && size != 30) return Errc::invalid_argument;
  const u64 unit = 1ULL << (size == 0 ? 21 : size);
  if (!who.capable(Capability::ipc_lock) && q.size > q.lockable / unit * unit) return Errc::not_permitted;
  return Errc::out_of_memory;
}

}  // namespace

Result<i32> Space::shm_get(const Context& who, const Ref<Account>& account, const ShmGet& q) const {
  const auto fits = [&](const Segment& s) -> Status { return s.size() < q.size ? Status(Errc::invalid_argument) : Ok(); };
  const auto make = [&]() -> Result<Ref<Segment>> {
    if (q.size == 0 || q.size > limits_.shm_bytes.load()) return Errc::invalid_argument;
    const u64 bytes = page_up(q.size), pages = bytes >> kPageShift;
    const u64 used = counts_.shm_pages.load(), most = limits_.shm_pages.load();
    if (bytes < q.size || pages > ~0ULL - used || used + pages > most) return Errc::no_space;
    if ((q.flags & kHuge) != 0) TRY(refuse_huge(who, q));
    if (q.size > kMaxFileSize) return Errc::invalid_argument;
    TRY(mem::reserve(2));
    Commit c = TRY(Commit::take(account, pages));
    const Ref<vm::AnonObject> memory = make_ref<vm::AnonObject>(bytes, std::move(c));
    return make_ref<Segment>(who, q.key, q.flags, q.size, memory, Weak<Space>(ref_of(*this)));
  };
  return get(who, segments_, q.key, q.flags, limits_.segments.load(), fits, make);
}

Result<i32> Space::sem_get(const Context& who, i32 key, i32 n, u32 flags) const {
  if (n < 0 || n > limits_.array_size.load()) return Errc::invalid_argument;
  const u32 size = static_cast<u32>(n);
  const auto fits = [&](const SemArray& a) -> Status { return a.size() < size ? Status(Errc::invalid_argument) : Ok(); };
  const auto make = [&]() -> Result<Ref<SemArray>> {
    if (n == 0) return Errc::invalid_argument;
    if (static_cast<i64>(counts_.semaphores.load()) + n > limits_.semaphores.load()) return Errc::no_space;
    TRY(mem::reserve(size / (kPageSize / 8) + 4));
    return make_ref<SemArray>(who, key, flags, size, Weak<Space>(ref_of(*this)));
  };
  return get(who, semaphores_, key, flags, static_cast<u32>(limits_.arrays.load()), fits, make);
}

Result<i32> Space::msg_get(const Context& who, i32 key, u32 flags) const {
  const auto fits = [](const MessageQueue&) -> Status { return Ok(); };
  const auto make = [&]() -> Result<Ref<MessageQueue>> {
    TRY(mem::reserve(2));
    return make_ref<MessageQueue>(who, key, flags, limits_.queue_bytes.load(), Weak<Space>(ref_of(*this)));
  };
  return get(who, queues_, key, flags, limits_.queues.load(), fits, make);
}

}  // namespace svc::ipc
