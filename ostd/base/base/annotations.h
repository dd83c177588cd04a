// SPDX-License-Identifier: MPL-2.0
// Marks that the Safe Profile plugin reads (docs/safe-profile.md). Only ostd may use them; in services they are rejected.
#pragma once

// The compiler cannot check this function's contract; its comment says `Requires:`. Safe-Profile code may not call it.
#define OSTD_UNSAFE [[clang::annotate("ostd::unsafe")]]
// An owning type: may be a data member although it is made of pointers.
#define OSTD_OWNED [[clang::annotate("ostd::owned")]]
// A borrow: only a parameter or a short local.
#define OSTD_VIEW [[clang::annotate("ostd::view")]]
// A synchronisation type: may be mutable shared state.
#define OSTD_SYNC [[clang::annotate("ostd::sync")]]
// A non-const member function that does not invalidate borrows of its object.
#define OSTD_STABLE [[clang::annotate("ostd::stable")]]
// A callable parameter that is not kept after the call: lambdas may capture by reference.
#define OSTD_NOESCAPE [[clang::annotate("ostd::noescape")]]

// Authority over the whole machine: only the composition root (services/boot) may name or call it.
#define OSTD_ROOT [[clang::annotate("ostd::root")]]

// A local that is not zeroed first (-ftrivial-auto-var-init). Requires: each part of it is written before it is read, and it is
// never copied out of the machine's core as bytes. For large ones of hot functions.
#define OSTD_UNFILLED [[clang::uninitialized]]

#define OSTD_LIFETIMEBOUND [[clang::lifetimebound]]
