// SPDX-License-Identifier: MPL-2.0
#include <base/own.h>
#include <base/vec.h>

namespace svc {
namespace {

struct Inode : ostd::RefCounted { int n = 0; };
struct Table { ostd::Vec<ostd::Ref<Inode>> items{}; };
int f(const Table& t) { int n = 0; for (const auto& i : t.items) n += i->n; return n; }

}  // namespace
}  // namespace svc
