// SPDX-License-Identifier: MPL-2.0
// An address space whose first eight pages from kBase on come when they are touched.
#pragma once
#include "contract.h"
#include <ostd/user_io.h>

namespace contract {

inline constexpr ostd::VirtAddr kBase{0x10'0000'0000};
inline constexpr ostd::Prot kR{.read = true}, kRW{.read = true, .write = true};
inline constexpr ostd::usize kLazyPages = 8;

struct Pager final : ostd::FaultHandler {
  explicit Pager(ostd::Ref<ostd::AddressSpace> space) : as(std::move(space)) {}
  ostd::Ref<ostd::AddressSpace> as;
  ostd::Atomic<ostd::u32> faults{0};
  ostd::Status handle_fault(ostd::VirtAddr at, ostd::Access access) const override {
    using namespace ostd;
    faults.fetch_add(1);
    if (at < kBase || at >= kBase + kLazyPages * kPageSize) return Err(Errc::fault);
    task::yield();  // handlers may sleep
    Cursor c(*as, {at, at + kPageSize});
    if (c.query(at)) c.protect({at, at + kPageSize}, kRW);
    else c.map(at, UFrame::alloc(), access == Access::write ? kRW : kR);
    return Ok();
  }
};

struct Space {
  ostd::Ref<ostd::AddressSpace> as;
  ostd::Ref<Pager> pager;
  static Space make() {
    using namespace ostd;
    OSTD_CHECK(mem::reserve(64).ok());
    Result<Ref<AddressSpace>> made = AddressSpace::create();
    OSTD_CHECK(made.ok());
    Ref<AddressSpace> as = std::move(made).value();
    Ref<Pager> pager = make_ref<Pager>(as);
    as->set_fault_handler(Ref<FaultHandler>(pager));
    return {std::move(as), std::move(pager)};
  }
};

}  // namespace contract
