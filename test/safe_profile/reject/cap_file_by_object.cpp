// expect: type is a private member of
// SPDX-License-Identifier: MPL-2.0
#include <services/fs/file.h>

namespace svc::fs {
namespace {

void f(const Ref<File>& o, const Context& who, Writer& w) { static_cast<void>(o->read(who, w).ok()); }

}  // namespace
}  // namespace svc::fs
