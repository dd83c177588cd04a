// expect: S13
// SPDX-License-Identifier: MPL-2.0
#include <base/annotations.h>
#include <span>

#include <base/annotations.h>
#include <span>
namespace svc { namespace {
class OSTD_OWNED Forged { public: std::span<int> s{}; };
} }
