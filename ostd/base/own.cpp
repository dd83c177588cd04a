// SPDX-License-Identifier: MPL-2.0
// The end of a shared object: destroyed when the last Ref goes, its memory given back when the last Weak goes.
#include <base/own.h>

void ostd::detail::RefAccess::destroy(const RefCounted& o) {
  // SAFETY: strong_ reached 0, so nobody else can reach the object but through Weak, which only touches weak_.
  // RefCounted has no virtual bases and make_ref checks that it is the first base, so &o is the start of the allocation.
  const_cast<RefCounted&>(o).~RefCounted();
  release_weak(o);
}

void ostd::detail::RefAccess::release_weak(const RefCounted& o) {
  // SAFETY: the counters are trivially destructible integers: they stay readable until the memory is given back here.
  if (o.weak_.fetch_sub(1, Order::acq_rel) == 1) ::operator delete(const_cast<RefCounted*>(&o));
}
