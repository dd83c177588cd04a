// expect: S12
// SPDX-License-Identifier: MPL-2.0
#include <base/string.h>

namespace svc {
namespace {

const char& f(const ostd::String& s) { return *s.c_str(); }

}  // namespace
}  // namespace svc
