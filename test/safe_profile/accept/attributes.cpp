// SPDX-License-Identifier: MPL-2.0
namespace svc {
namespace {

[[nodiscard]] int f([[maybe_unused]] int a, int b) {
  switch (b) {
    case 1: b = 2; [[fallthrough]];
    case 2: return b;
    default: break;
  }
  if (b == 7) [[unlikely]] return 1;
  return 0;
}

}  // namespace
}  // namespace svc
