// expect: type is a private member
// SPDX-License-Identifier: MPL-2.0
#include <ostd/reservation.h>

namespace svc {
namespace {

void f(const ostd::Ref<ostd::Account>& a) { a->set_limit(0); }

}  // namespace
}  // namespace svc
