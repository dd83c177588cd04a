// SPDX-License-Identifier: MPL-2.0
#include <base/bytes.h>
#include <services/process/arg_strings.h>

namespace svc::proc {

void ArgStrings::add(std::string_view s) {
  const usize need = s.size() + 1;
  if (blocks_.empty() || blocks_.back().capacity() - blocks_.back().size() < need) {
    blocks_.push_back(Vec<u8>());
    blocks_.back().reserve(need > kBlock ? need : kBlock);
  }
  blocks_.back().append(bytes_of(s));
  blocks_.back().push_back(0);
  ++count_;
  bytes_ += need;
}

void ArgStrings::remove_first() {
  if (count_ == 0) return;
  const usize from = first_;
  while (blocks_[0][first_] != 0) ++first_;
  ++first_;
  --count_;
  bytes_ -= first_ - from;
  if (first_ != blocks_[0].size()) return;
  blocks_.remove(0);
  first_ = 0;
}

Status ArgStrings::each_block(FnRef<Status(std::span<const u8>)> f) const {
  for (usize i = 0; i < blocks_.size(); ++i) TRY(f(blocks_[i].items().subspan(i == 0 ? first_ : 0)));
  return Ok();
}

}  // namespace svc::proc
