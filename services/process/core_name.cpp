// SPDX-License-Identifier: MPL-2.0
// Names of core files. [core(5) "Naming of core dump files"]
#include <base/format.h>
#include <ostd/time.h>
#include <services/process/core_dump.h>

namespace svc::proc {
namespace {

// What comes from a program's names stays one component: no slash, no "." or "..", not empty.
void add_component(String& out, std::string_view v) {
  if (v.empty()) return out.append('!');
  if (v == ".") return out.append('!');
  if (v == "..") return out.append("!.");
  for (const char c : v) out.append(c == '/' ? '!' : c);
}

String program_path(Caller& c) {
  const Opt<Ref<fs::File>> exe = c.self().program().with([](Process::Program& p) { return p.exe; });
  const Opt<fs::Path> at = exe ? (*exe)->path() : Opt<fs::Path>();
  return at ? fs::path_text(*at, c.fs()->root(), fs::Deleted::mark) : ostd::format("{} (path unknown)", c.thread()->name());
}

}  // namespace

String core_name(Caller& c, std::string_view pattern, Signo s) {
  String out{};
  bool has_pid = false;
  const CredentialValues& v = c.credentials().values();
  for (usize i = 0; i < pattern.size(); ++i) {
    if (pattern[i] != '%') {
      out.append(pattern[i]);
      continue;
    }
    if (++i == pattern.size()) break;
    switch (pattern[i]) {
      case '%': out.append('%'); break;
      case 'p':
        has_pid = true;
        [[fallthrough]];
      case 'P': ostd::format_to(out, "{}", c.process()->pid().value); break;
      case 'i':
      case 'I': ostd::format_to(out, "{}", c.thread()->tid().value); break;
      case 'u': ostd::format_to(out, "{}", v.uid.value); break;
      case 'g': ostd::format_to(out, "{}", v.gid.value); break;
      case 'd': ostd::format_to(out, "{}", c.self().words().dumpable.load()); break;
      case 's': ostd::format_to(out, "{}", s.value); break;
      case 't': ostd::format_to(out, "{}", time::wall_now() / 1'000'000'000); break;
      case 'h': add_component(out, c.system().uts().with([](UtsName& n) { return n.nodename; }).view()); break;
      case 'e': add_component(out, c.thread()->name().view()); break;
      case 'f': {
        const String path = program_path(c);
        add_component(out, path.view().substr(path.view().find_last_of('/') + 1));
        break;
      }
      case 'E': add_component(out, program_path(c).view()); break;
      case 'c': ostd::format_to(out, "{}", c.process()->limit(Resource::core).soft); break;
      case 'C': ostd::format_to(out, "{}", static_cast<u32>(c.thread()->last_cpu())); break;
      default: break;
    }
  }
  if (!has_pid && c.system().core().uses_pid.load() != 0) ostd::format_to(out, ".{}", c.process()->pid().value);
  return out;
}

}  // namespace svc::proc
