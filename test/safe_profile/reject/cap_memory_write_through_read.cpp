// expect: type no matching member function for call to 'page_to_write'
// SPDX-License-Identifier: MPL-2.0
#include <services/fs/mapped_file.h>

namespace svc::fs {
namespace {

void f(CapRef<MemoryObject, memory_object::read> o) { static_cast<void>(o.page_to_write(0).ok()); }

}  // namespace
}  // namespace svc::fs
