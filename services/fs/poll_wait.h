// SPDX-License-Identifier: MPL-2.0
// Waiting for one of several files to become ready: what poll, select and their relatives share.
#pragma once
#include <base/vec.h>
#include <ostd/reservation.h>
#include <ostd/time.h>
#include <services/fs/file.h>

namespace svc::fs {

struct PollItem {
  Opt<Ref<File>> file{};       // nothing: ignored (negative descriptor) or not open (result nval was set by the caller)
  PollEvents wanted{};
  PollEvents got{};
};

// Fills `got` of each item and returns how many have something; 0 at the deadline (nothing: no deadline). Errors: interrupted.
Result<usize> poll_wait(Vec<PollItem>& items, Opt<Instant> deadline);

}  // namespace svc::fs
