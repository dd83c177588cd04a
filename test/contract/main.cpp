// SPDX-License-Identifier: MPL-2.0
// Runs the contract tests as the composition root of a machine: one line a case, a count, and the machine's exit code 0 or 1.
// The command line may say contract=GLOB (`*`, `?`; `_` also stands for a space) or contract=death:GLOB.
#include "contract.h"
#include <base/format.h>
#include <ostd/log.h>

using namespace ostd;

// The OS itself has no constructors of globals, so the kernel target does not run them; the cases are registered by theirs.
extern "C" {
[[gnu::weak]] extern void (*const init_array_begin[])();
[[gnu::weak]] extern void (*const init_array_end[])();
}

namespace {
constinit contract::Case* first = nullptr;
constinit contract::Case* last = nullptr;
constinit Atomic<u32> failures{0};  // of the case that runs
struct FirstFailure {
  const char* expr = nullptr;
  const char* file = nullptr;
  int line = 0;
};
constinit FirstFailure failure;
const Boot* machine = nullptr;

bool matches(std::string_view glob, std::string_view name) {
  if (glob.empty()) return name.empty();
  if (glob[0] == '*') return matches(glob.substr(1), name) || (!name.empty() && matches(glob, name.substr(1)));
  if (name.empty()) return false;
  const bool same = glob[0] == '?' || glob[0] == name[0] || (glob[0] == '_' && name[0] == ' ');
  return same && matches(glob.substr(1), name.substr(1));
}

std::string_view word_of(std::string_view line, std::string_view key) {
  for (usize at = line.find(key); at != std::string_view::npos; at = line.find(key, at + 1)) {
    if (at != 0 && line[at - 1] != ' ') continue;
    const std::string_view rest = line.substr(at + key.size());
    return rest.substr(0, rest.find(' '));
  }
  return {};
}

std::string_view base_name(std::string_view path) { return path.substr(path.rfind('/') + 1); }

bool run(const contract::Case& c) {
  failures.store(0);
  failure = {};
  const Ref<Task> t = contract::go([&c] { c.run(); }, {.name = "case"});
  (void)t->join();
  FixedText<320> line;
  if (failures.load() == 0) format_to(line, "ok {}\n", std::string_view(c.name));
  else
    format_to(line, "FAIL {}: {} ({}:{})\n", std::string_view(c.name), std::string_view(failure.expr),
              base_name(failure.file), failure.line);
  contract::say(line.view());
  return failures.load() == 0;
}
}  // namespace

contract::Case::Case(const char* n, Kind k, void (*f)()) : name(n), kind(k), run(f) {
  (last ? last->next : first) = this;
  last = this;
}

void contract::note_failure(const char* expr, const char* file, int line) {
  if (failures.fetch_add(1) == 0) failure = {expr, file, line};
}
Ref<Account> contract::account() { return machine->root_account; }
Ref<Task> contract::go(Fn<void()> f, const TaskOptions& options) {
  Result<Ref<Task>> t = Task::spawn(options, account(), std::move(f));
  OSTD_CHECK(t.ok() && "memory for a helper task");
  return std::move(t).value();
}
void contract::say(std::string_view text) {
  Cap<Console, console::write>::mint(RootKey(), machine->console).write({reinterpret_cast<const u8*>(text.data()), text.size()});
}
const String& contract::command_line() { return machine->command_line; }
const Boot& contract::boot() { return *machine; }

void ostd::machine_main(Boot boot) {
  if (!first)
    for (auto* f = init_array_begin; f != init_array_end; ++f) (*f)();
  machine = &boot;
  log::configure(boot.command_line.view());
  std::string_view glob = word_of(boot.command_line.view(), "contract=");
  const bool death = glob.starts_with("death:");
  if (death) glob.remove_prefix(6);
  if (glob.empty()) glob = "*";
  u32 passed = 0;
  u32 failed = 0;
  for (const contract::Kind kind : {contract::Kind::normal, contract::Kind::last, contract::Kind::death}) {
    if (death != (kind == contract::Kind::death)) continue;
    for (const contract::Case* c = first; c; c = c->next)
      if (c->kind == kind && matches(glob, c->name)) ++(run(*c) ? passed : failed);
  }
  FixedText<80> line;
  format_to(line, "{} passed, {} failed\n", passed, failed);
  contract::say(line.view());
  Cap<Power, power::off>::mint(RootKey(), boot.power).off(failed == 0 && passed != 0 ? 0 : 1);
}
