// expect: type is a private member of
// SPDX-License-Identifier: MPL-2.0
#include <services/fs/mapped_file.h>

namespace svc::fs {
namespace {

void f(const Ref<MemoryObject>& o) { static_cast<void>(o->page(0, Access::write).ok()); }

}  // namespace
}  // namespace svc::fs
