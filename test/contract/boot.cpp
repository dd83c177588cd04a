// SPDX-License-Identifier: MPL-2.0
// ostd/machine.h: what the machine hands over. The suite boots with an initramfs of kBlobBytes bytes: 0, 1, ... 250, 0, 1 ...
#include "contract.h"
#include <ostd/cpu.h>

using namespace ostd;

namespace {
constexpr usize kBlobBytes = 300'000, kPeriod = 251;
}  // namespace

TEST_CASE("the machine says what it has") {
  const Boot& boot = contract::boot();
  CHECK(boot.cpus == cpu::count());
  CHECK(boot.memory_bytes >= 32U << 20);
  const AccountStats s = boot.root_account->stats();
  CHECK(s.limit_pages > 0);
  CHECK(s.limit_pages <= boot.memory_bytes >> kPageShift);
  CHECK((boot.machine.view() == "kernel" || boot.machine.view() == "host"));
}

LAST_CASE("the initramfs is read in pieces, and its memory comes back") {
  const Boot& boot = contract::boot();
  REQUIRE(boot.initramfs.has_value());
  const Ref<BootBlob> blob = *boot.initramfs;
  CHECK(blob->size() == kBlobBytes);
  u8 piece[1000];
  for (usize at = 0; at < kBlobBytes; at += sizeof piece) {
    CHECK(blob->read(at, piece) == sizeof piece);
    for (usize i = 0; i < sizeof piece; ++i)
      if (piece[i] != (at + i) % kPeriod) return contract::note_failure("the initramfs's bytes", __FILE__, __LINE__);
  }
  CHECK(blob->read(kBlobBytes - 10, piece) == 10);
  CHECK(blob->read(kBlobBytes, piece) == 0);
  CHECK(blob->read(SIZE_MAX, piece) == 0);
  const usize free_before = mem::stats().free_pages;
  blob->release();
  blob->release();
  // Hosted, the blob is a file of the host and no memory of the machine.
  const usize freed = mem::stats().free_pages - free_before;
  if (boot.machine.view() == "kernel") CHECK(freed + 16 >= kBlobBytes / kPageSize);
  CHECK(blob->size() == kBlobBytes);
  CHECK(blob->read(0, piece) == 0);
}
