// SPDX-License-Identifier: MPL-2.0
// System: per-user task counts, the end of the machine.
#include <ostd/log.h>
#include <services/net/endpoint.h>
#include <services/process/system.h>

namespace svc::proc {

System::System(Parts p, Authority a)
    : calls_(p.testing ? Opt<Own<CallCounts>>(make_own<CallCounts>()) : none), p_(std::move(p)), authority_(std::move(a)), inotify_(make_ref<fs::InotifyLimits>(watch_limit(p_.memory_bytes))), sockets_(make_ref<net::UnixSpace>()), ipc_(make_ref<ipc::Space>()) {}
System::~System() = default;

void System::init_ended(i32 wait_status) const {
  log::info<"init">("init ended with wait status {:#x}", wait_status);
  const i32 code = (wait_status & 0x7f) != 0 ? 128 + (wait_status & 0x7f) : wait_status >> 8 & 0xff;
  authority_.power.off(static_cast<u8>(code));
}

u64 System::user_tasks(Uid uid) const {
  return user_tasks_.with([&](HashMap<u32, u64>& m) {
    const Opt<u64> n = m.get(uid.value);
    return n ? *n : 0;
  });
}

void System::count_user_task(Uid uid, i64 change) const {
  user_tasks_.with([&](HashMap<u32, u64>& m) {
    const Opt<u64> n = m.get(uid.value);
    const i64 next = static_cast<i64>(n ? *n : 0) + change;
    if (next <= 0) static_cast<void>(m.remove(uid.value));
    else static_cast<void>(m.put(uid.value, static_cast<u64>(next)));
  });
}

void System::add_file_system_type(StaticStr name, Ref<FileSystemType> type) const {
  types_.with([&](Map<String, Ref<FileSystemType>>& m) { m.put(String(name.view()), std::move(type)); });
}
Opt<Ref<FileSystemType>> System::file_system_type(std::string_view name) const {
  return types_.with([&](Map<String, Ref<FileSystemType>>& m) { return m.get(name); });
}
Vec<String> System::file_system_names() const {
  return types_.with([](Map<String, Ref<FileSystemType>>& m) {
    Vec<String> out{};
    m.each([&](const String& k, Ref<FileSystemType>&) { out.push_back(k); });
    return out;
  });
}

Ref<SignalQuota> System::signal_quota(Uid uid) const {
  return signal_quotas_.with([&](HashMap<u32, Ref<SignalQuota>>& m) {
    Opt<Ref<SignalQuota>> q = m.get(uid.value);
    if (q) return *q;
    // Users without queued signals are forgotten when there are many.
    if (m.size() >= 64) m.remove_if([](const u32&, const Ref<SignalQuota>& v) { return v->ref_count() == 1 && v->used.load() == 0; });
    Ref<SignalQuota> fresh = make_ref<SignalQuota>();
    m.insert(uid.value, fresh);
    return fresh;
  });
}

u64 System::file_pages() const {
  Map<u64, u64> used{};
  p_.mounts->each([&](const Ref<fs::Mount>& m) {
    const fs::StatFs s = m->file_system()->statfs();
    used.put(m->file_system().id(), s.blocks - s.blocks_free);
  });
  u64 sum = 0;
  used.each([&](const u64&, const u64& n) { sum += n; });
  return sum;
}

}  // namespace svc::proc
