// expect: S14
// SPDX-License-Identifier: MPL-2.0
#include <base/own.h>

namespace svc {
namespace {

struct Evil : ostd::Own<int> { using Own::Own; };

}  // namespace
}  // namespace svc
