// SPDX-License-Identifier: MPL-2.0
#include <base/atomic.h>
#include <base/types.h>

namespace svc {
namespace {

class Stats { public: void hit() const { hits_.fetch_add(1); } ostd::u32 hits() const { return hits_.load(); } private: ostd::Atomic<ostd::u32> hits_{}; };

}  // namespace
}  // namespace svc
