// expect: type no matching member function for call to 'write'
// SPDX-License-Identifier: MPL-2.0
#include <services/fs/file.h>

namespace svc::fs {
namespace {

void f(CapRef<File, file::append> c, const Context& who, Reader& r) { static_cast<void>(c.write(who, r).ok()); }

}  // namespace
}  // namespace svc::fs
