// expect: type private
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
ostd::Own<Disk::MintKey> f() { return ostd::make_own<Disk::MintKey>(); }

}  // namespace
}  // namespace svc
