// SPDX-License-Identifier: MPL-2.0
#include "allow.h"

#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringSet.h"

namespace safe_profile::allow {

using llvm::StringRef;
using Set = llvm::StringSet<>;

bool header(StringRef name) {
  static const Set set{"bit", "compare", "concepts", "cstddef", "cstdint", "initializer_list", "limits", "span",
                       "string_view", "tuple", "type_traits", "utility"};
  return set.contains(name);
}

bool macro(StringRef name) {
  static const Set set{"TRY", "MUST", "OSTD_CHECK"};
  return set.contains(name);
}

bool attribute(StringRef name) {
  static const Set set{"nodiscard", "maybe_unused", "noreturn", "fallthrough", "likely", "unlikely", "no_unique_address",
                       "clang::lifetimebound"};
  return set.contains(name);
}

bool std_type(StringRef name) {
  static const Set set{"span", "basic_string_view", "pair", "tuple", "initializer_list", "strong_ordering", "weak_ordering",
                       "partial_ordering", "integer_sequence"};
  return set.contains(name);
}

bool std_function(StringRef name, unsigned params) {
  // By number of parameters, because algorithms share names with the harmless ones (std::move(first, last, out)).
  static const llvm::StringMap<unsigned> map{
      {"move", 1}, {"forward", 1}, {"forward_like", 1}, {"as_const", 1}, {"exchange", 2}, {"swap", 2}, {"declval", 0},
      {"to_underlying", 1}, {"cmp_equal", 2}, {"cmp_not_equal", 2}, {"cmp_less", 2}, {"cmp_greater", 2},
      {"cmp_less_equal", 2}, {"cmp_greater_equal", 2}, {"in_range", 1}, {"popcount", 1}, {"countl_zero", 1},
      {"countl_one", 1}, {"countr_zero", 1}, {"countr_one", 1}, {"bit_width", 1}, {"bit_floor", 1}, {"has_single_bit", 1},
      {"rotl", 2}, {"rotr", 2}, {"byteswap", 1}, {"get", 1}, {"make_pair", 2}, {"to_integer", 1}, {"is_eq", 1},
      {"is_neq", 1}, {"is_lt", 1}, {"is_lteq", 1}, {"is_gt", 1}, {"is_gteq", 1},
      {"operator==", 2}, {"operator!=", 2}, {"operator<", 2}, {"operator<=", 2}, {"operator>", 2}, {"operator>=", 2},
      {"operator<=>", 2}, {"operator|", 2}, {"operator&", 2}, {"operator^", 2}, {"operator~", 1}, {"operator<<", 2},
      {"operator>>", 2}, {"operator|=", 2}, {"operator&=", 2}, {"operator^=", 2}, {"operator\"\"sv", 2}};
  auto it = map.find(name);
  return name == "make_tuple" || (it != map.end() && it->second == params);
}

bool std_method(StringRef type, StringRef name) {
  static const Set span{"size", "size_bytes", "empty", "operator[]", "front", "back", "first", "last", "subspan", "operator="};
  static const Set view{"size", "length", "empty", "operator[]", "front", "back", "substr", "starts_with", "ends_with",
                        "contains", "find", "rfind", "find_first_of", "find_last_of", "find_first_not_of", "find_last_not_of",
                        "compare", "remove_prefix", "remove_suffix", "operator="};
  if (type == "span") return span.contains(name);
  if (type == "basic_string_view") return view.contains(name);
  if (type == "initializer_list") return name == "size";
  if (type == "pair" || type == "tuple") return name == "swap" || name == "operator=";
  return type.ends_with("_ordering") && name.starts_with("operator");
}

bool accessor(StringRef name) {
  static const Set set{"operator[]", "operator*", "operator->", "front", "back", "items", "begin", "end", "value", "get", "find", "at", "peek", "last", "first"};
  return set.contains(name);
}

bool hook(StringRef name) { return name == "ostd::machine_main"; }

StringRef banned_keyword(StringRef t) {
  static const llvm::StringMap<StringRef> map{
      {"reinterpret_cast", "S1"}, {"const_cast", "S1"}, {"dynamic_cast", "S1"}, {"nullptr", "S2"}, {"new", "S3"},
      {"asm", "S4"}, {"goto", "S4"}, {"volatile", "S4"}, {"union", "S4"}, {"typeid", "S4"}, {"typeof", "S4"},
      {"typeof_unqual", "S4"}, {"register", "S4"}, {"try", "S4"}, {"catch", "S4"}, {"throw", "S4"}, {"co_await", "S4"},
      {"co_yield", "S4"}, {"co_return", "S4"}, {"thread_local", "S11"}, {"extern", "S14"},
      {"export", "S14"}, {"alignas", "S15"}, {"float", "S18"}, {"double", "S18"}};
  auto it = map.find(t);
  return it == map.end() ? StringRef() : it->second;
}

}  // namespace safe_profile::allow
