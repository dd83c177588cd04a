// expect: S12
// SPDX-License-Identifier: MPL-2.0
namespace svc {
namespace {

typedef int V __attribute__((vector_size(16)));
int f(V v, int i) { return v[i]; }

}  // namespace
}  // namespace svc
