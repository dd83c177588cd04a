// expect: type calling a private constructor
// SPDX-License-Identifier: MPL-2.0
#include <services/fs/mapped_file.h>

namespace svc::fs {
namespace {

DynCap<MemoryObject> f(Ref<MemoryObject> o) { return DynCap<MemoryObject>::mint(MemoryObject::MintKey(), std::move(o), memory_object::write); }

}  // namespace
}  // namespace svc::fs
