// SPDX-License-Identifier: MPL-2.0
#include <base/own.h>

namespace svc {
namespace {

struct File : ostd::RefCounted { virtual int read() const = 0; };
struct Socket final : File { int read() const override { return 1; } };
int f(const ostd::Ref<File>& file) {
  if (auto s = file.as<Socket>(); s.has_value()) return (*s)->read();
  return 0;
}

}  // namespace
}  // namespace svc
