// expect: S11
// SPDX-License-Identifier: MPL-2.0
namespace svc {

struct Registry { int n = 0; };
inline Registry registry{};

}  // namespace svc
