// SPDX-License-Identifier: MPL-2.0
// Contract tests: what every ostd function promises, one source for both targets. Each case runs as a task of its own.
//   TEST_CASE("sentence") { CHECK(expr); REQUIRE(expr); }
// CHECK notes a failure and goes on; REQUIRE also returns. Both may be used in helper tasks of the case.
// LAST_CASE runs after all others (it changes the machine for good). DEATH_CASE is only run when named on the command line
// (contract=death:NAME) and must end the machine by a panic.
#pragma once
#include <base/fn.h>
#include <base/own.h>
#include <ostd/machine.h>
#include <ostd/task.h>
#include <string_view>

namespace contract {

enum class Kind : unsigned char { normal, last, death };

struct Case {
  Case(const char* n, Kind k, void (*f)());
  const char* name;
  Kind kind;
  void (*run)();
  Case* next = nullptr;
};

void note_failure(const char* expr, const char* file, int line);
// The account that pays for helper tasks.
ostd::Ref<ostd::Account> account();
// A helper task; panics when there is no memory.
ostd::Ref<ostd::Task> go(ostd::Fn<void()> f, const ostd::TaskOptions& options = {.name = "helper"});
void say(std::string_view text);
const ostd::String& command_line();
// What the machine handed over.
const ostd::Boot& boot();

}  // namespace contract

#define CONTRACT_JOIN2(a, b) a##b
#define CONTRACT_JOIN(a, b) CONTRACT_JOIN2(a, b)
#define CONTRACT_CASE(name, kind)                                                                                      \
  static void CONTRACT_JOIN(contract_run_, __LINE__)();                                                                \
  static contract::Case CONTRACT_JOIN(contract_case_, __LINE__){name, kind, &CONTRACT_JOIN(contract_run_, __LINE__)}; \
  static void CONTRACT_JOIN(contract_run_, __LINE__)()
#define TEST_CASE(name) CONTRACT_CASE(name, contract::Kind::normal)
#define LAST_CASE(name) CONTRACT_CASE(name, contract::Kind::last)
#define DEATH_CASE(name) CONTRACT_CASE(name, contract::Kind::death)
#define CHECK(...) ((__VA_ARGS__) ? (void)0 : contract::note_failure(#__VA_ARGS__, __FILE__, __LINE__))
#define REQUIRE(...)                                                                     \
  do {                                                                                   \
    if (!(__VA_ARGS__)) return contract::note_failure(#__VA_ARGS__, __FILE__, __LINE__); \
  } while (0)
