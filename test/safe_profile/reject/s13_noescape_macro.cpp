// expect: S13
// SPDX-License-Identifier: MPL-2.0
#include <base/annotations.h>

#include <base/annotations.h>
namespace svc { namespace {
template <class F> void keep(OSTD_NOESCAPE F&& f) { f(); }
} }
