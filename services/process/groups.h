// SPDX-License-Identifier: MPL-2.0
// Process groups and sessions as objects that terminals may keep. [setpgid(2), setsid(2)]
#pragma once
#include <services/process/tree.h>

namespace svc::proc {

class Session final : public SessionRef {
 public:
  Session(Pid id, Weak<ProcessTree> tree) : id_(id), tree_(std::move(tree)) {}
  Pid id() const override { return id_; }
  Opt<Ref<ControllingTerminal>> terminal() const override {
    return terminal_.with([](Opt<Ref<ControllingTerminal>>& t) { return t; });
  }
  void set_terminal(Opt<Ref<ControllingTerminal>> tty) const override {
    // The old one is dropped outside the lock: its end may do work.
    Opt<Ref<ControllingTerminal>> old = terminal_.with([&](Opt<Ref<ControllingTerminal>>& t) {
      std::swap(t, tty);
      return std::move(tty);
    });
  }
  void hang_up() const override;

 private:
  Pid id_;
  Weak<ProcessTree> tree_;
  SpinLocked<Opt<Ref<ControllingTerminal>>, rank::kLeaf> terminal_{};
};

class ProcessGroup final : public ProcessGroupRef {
 public:
  ProcessGroup(Pid id, Ref<Session> session, Weak<ProcessTree> tree) : id_(id), session_(std::move(session)), tree_(std::move(tree)) {}
  Pid id() const override { return id_; }
  Pid session_id() const override { return session_->id(); }
  const Ref<Session>& session() const [[clang::lifetimebound]] { return session_; }
  void signal(Signo s) const override;
  bool orphaned() const override;
  bool empty() const override;

 private:
  Pid id_;
  Ref<Session> session_;
  Weak<ProcessTree> tree_;
};

}  // namespace svc::proc
