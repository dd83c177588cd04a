// expect: type private
// SPDX-License-Identifier: MPL-2.0
#include <base/cap.h>

namespace svc {
namespace {

class Disk;
namespace disk { inline constexpr auto use = ostd::Rights<Disk>::bit(0); }
class Disk final : public ostd::RefCounted {
 public:
  class MintKey {
    friend class Opener;
    explicit MintKey() {}
  };
  struct Calls {};
};
ostd::Cap<Disk, disk::use> f(ostd::Ref<Disk> d) { return ostd::Cap<Disk, disk::use>::mint(Disk::MintKey(), std::move(d)); }

}  // namespace
}  // namespace svc
