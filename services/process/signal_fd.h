// SPDX-License-Identifier: MPL-2.0
// signalfd [signalfd(2)]: reading takes the reader's pending signals.
#pragma once
#include <services/fs/file.h>
#include <services/process/caller.h>

namespace svc::proc {

class SignalFd final : public fs::File {
 public:
  SignalFd(SigSet mask, Ref<Process> owner, u32 flags) : File(flags), mask_(mask), owner_(std::move(owner)) {}
  void set_mask(SigSet m) const { mask_.with([&](SigSet& x) { x = m; }); }
  Result<usize> read(const Context& who, Writer& to) const override;
  Asks read_asks() const override { return {.no_wait = true}; }
  bool ignores_seek() const override { return true; }
  PollEvents poll() const override;
  void poll_add(Ref<WaitHook> hook) const override { owner_->add_signal_hook(std::move(hook)); }
  void poll_remove(const WaitHook& hook) const override { owner_->remove_signal_hook(hook); }
  String link_text() const override { return String("anon_inode:[signalfd]"); }

 private:
  SigSet mask() const { return mask_.with([](SigSet& x) { return x; }); }
  SpinLocked<SigSet, rank::kEventState> mask_;
  Ref<Process> owner_;                 // the process that made it; waiting is for its signals
};

}  // namespace svc::proc
