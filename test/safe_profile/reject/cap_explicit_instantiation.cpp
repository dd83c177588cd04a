// expect: S14 +
// SPDX-License-Identifier: MPL-2.0
#include <boot/resource.h>

namespace svc {
namespace {

template <auto P>
struct Thief {
  friend void steal(const FullBox& b) { static_cast<void>(&(b.*P)); }
};
template struct Thief<&FullBox::o_>;

}  // namespace
}  // namespace svc
