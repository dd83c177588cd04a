// expect: type no matching member function for call to 'set_flags'
// SPDX-License-Identifier: MPL-2.0
#include <services/fs/file.h>

namespace svc::fs {
namespace {

void f(CapRef<File, Rights<File>{}> c) { c.set_flags(oflag::append); }

}  // namespace
}  // namespace svc::fs
