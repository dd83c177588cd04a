// expect: S1
// SPDX-License-Identifier: MPL-2.0
namespace svc {
namespace {

unsigned f(long d) { return (unsigned)d; }

}  // namespace
}  // namespace svc
