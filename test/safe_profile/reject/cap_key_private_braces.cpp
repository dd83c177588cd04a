// expect: type no
// SPDX-License-Identifier: MPL-2.0
#include <base/cap.h>

namespace svc {
namespace {

class Disk final : public ostd::RefCounted {
 public:
  class MintKey {
    friend class Opener;
    explicit MintKey() {}
  };
  struct Calls {};
};
using Any = ostd::Cap<Disk, ostd::Rights<Disk>::all()>;
Any f(ostd::Ref<Disk> d) { return Any::mint({}, std::move(d)); }

}  // namespace
}  // namespace svc
