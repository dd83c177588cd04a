// expect: S5
// SPDX-License-Identifier: MPL-2.0
namespace svc {
namespace {

class S { public: S() {} explicit S(bool b) : x(b) {} private: bool x; };

}  // namespace
}  // namespace svc
