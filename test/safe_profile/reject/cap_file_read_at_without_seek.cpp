// expect: type no matching member function for call to 'read_at'
// SPDX-License-Identifier: MPL-2.0
#include <services/fs/file.h>

namespace svc::fs {
namespace {

void f(CapRef<File, file::read> c, const Context& who, Writer& w) { static_cast<void>(c.read_at(who, 0, w).ok()); }

}  // namespace
}  // namespace svc::fs
