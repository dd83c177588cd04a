// expect: S19
// SPDX-License-Identifier: MPL-2.0
#include <ostd/reservation.h>

namespace svc {
namespace {

void f(ostd::Ref<ostd::Reclaimer> r) { ostd::mem::add_reclaimer(std::move(r)); }

}  // namespace
}  // namespace svc
