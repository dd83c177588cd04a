// expect: type no matching member function for call to 'read'
// SPDX-License-Identifier: MPL-2.0
#include <services/fs/file.h>

namespace svc::fs {
namespace {

void f(CapRef<File, file::write> c, const Context& who, Writer& w) { static_cast<void>(c.read(who, w).ok()); }

}  // namespace
}  // namespace svc::fs
