// SPDX-License-Identifier: MPL-2.0
#include <base/types.h>
#include <base/vec.h>
#include <ostd/sync.h>

namespace svc {
namespace {

class Table {
 public:
  void add(int n) const { state_.with([&](ostd::Vec<int>& v) { v.push_back(n); }); }
  ostd::usize size() const { return state_.with([](const ostd::Vec<int>& v) { return v.size(); }); }
 private:
  ostd::MutexLocked<ostd::Vec<int>, ostd::Rank{10}> state_{};
};

}  // namespace
}  // namespace svc
