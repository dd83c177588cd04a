// SPDX-License-Identifier: MPL-2.0
#include "options.h"

#include "linux/host_io.h"
#include "linux/host_process.h"
#include "linux/host_signals.h"
#include "linux/host_terminal.h"

#include <base/format.h>
#include <ostd/cpu.h>

#include <cstring>

namespace ostd::host {

namespace {
constinit Options g_options{};
constinit Placement g_placement{};

constexpr char kUsage[] =
    "usage: albireo-host --initramfs FILE [--smp N] [--memory SIZE] [--append \"WORDS\"] [--io auto|uring|epoll] [--keys guest|host]\n"
    "                    [--patch on|off] [--isolated]\n"
    "  --initramfs FILE  cpio archive with /init (may be compressed as the OS supports)\n"
    "  --smp N           vCPUs, 1 to 64 (1)\n"
    "  --memory SIZE     memory of the machine, with K, M or G; plain numbers are MiB (256M)\n"
    "  --append WORDS    command line of the OS\n"
    "  --io KIND         how the host's events are waited for (auto)\n"
    "  --keys WHOSE      who gets Ctrl-C: the guest, or (for debuggers) this process as a signal (guest)\n"
    "  --patch off       leave system call sites of programs as they are (for programs that checksum their code)\n"
    "  --isolated        guard against hostile programs too: each change of a program's mappings is checked (slower)\n";

void say(const char* a, const char* b = "", const char* c = "") {
  FixedText<400> t;
  format_to(t, "albireo-host: {}{}{}\n", std::string_view(a), std::string_view(b), std::string_view(c));
  write_text(2, t.view());
}
[[noreturn]] void bad(const char* a, const char* b = "") {
  say(a, b, " (--help lists the options)");
  end_process(2);
}

bool number(const char* text, u64& value, const char*& rest) {
  if (*text < '0' || *text > '9') return false;
  value = 0;
  for (; *text >= '0' && *text <= '9'; text++)
    if (value < (1ULL << 50)) value = value * 10 + static_cast<u64>(*text - '0');
  rest = text;
  return true;
}
u64 memory_size(const char* text) {
  u64 n = 0;
  const char* rest = text;
  if (!number(text, n, rest)) bad("not a size of memory: ", text);
  u32 shift = 20;
  if (*rest != 0) {
    shift = *rest == 'K' || *rest == 'k' ? 10 : *rest == 'M' || *rest == 'm' ? 20 : *rest == 'G' || *rest == 'g' ? 30 : 0;
    if (shift == 0 || rest[1] != 0) bad("not a size of memory: ", text);
  }
  if (n > (1ULL << 42 >> shift)) bad("too much memory: ", text);
  n <<= shift;
  if (n < (16ULL << 20)) bad("too little memory, 16M is the least: ", text);
  return n & ~kPageMask;
}
}  // namespace

const Options& options() { return g_options; }
const Placement& placement() { return g_placement; }

void parse_options(int argc, char** argv) {
  for (int i = 1; i < argc; i++) {
    const char* name = argv[i];
    const char* value = nullptr;
    usize length = strlen(name);
    if (const char* eq = strchr(name, '=')) {
      length = static_cast<usize>(eq - name);
      value = eq + 1;
    }
    auto is = [&](const char* option) { return strlen(option) == length && strncmp(name, option, length) == 0; };
    if (is("--help") || is("-h")) {
      write_text(1, kUsage);
      end_process(0);
    }
    if (is("--isolated") && !value) {
      g_options.isolated = true;
      continue;
    }
    if (!is("--initramfs") && !is("--smp") && !is("--memory") && !is("--append") && !is("--io") && !is("--keys") && !is("--patch"))
      bad("unknown option: ", name);
    if (!value) value = ++i < argc ? argv[i] : nullptr;
    if (!value) bad("this option needs a value: ", name);
    if (is("--initramfs")) g_options.initramfs = value;
    else if (is("--append")) g_options.command_line = value;
    else if (is("--memory")) g_options.memory = memory_size(value);
    else if (is("--keys")) {
      if (strcmp(value, "guest") != 0 && strcmp(value, "host") != 0) bad("--keys is guest or host, not ", value);
      g_options.keys = *value == 'h' ? TerminalKeys::host : TerminalKeys::guest;
    } else if (is("--patch")) {
      if (strcmp(value, "on") != 0 && strcmp(value, "off") != 0) bad("--patch is on or off, not ", value);
      g_options.patch = strcmp(value, "on") == 0;
    } else if (is("--io")) {
      if (strcmp(value, "auto") == 0) g_options.io = IoEngine::automatic;
      else if (strcmp(value, "uring") == 0) g_options.io = IoEngine::ring;
      else if (strcmp(value, "epoll") == 0) g_options.io = IoEngine::epoll;
      else bad("--io is auto, uring or epoll, not ", value);
    } else {
      u64 n = 0;
      const char* rest = value;
      if (!number(value, n, rest) || *rest != 0 || n < 1 || n > kMaxCpus) bad("--smp takes 1 to 64, not ", value);
      g_options.cpus = static_cast<u32>(n);
    }
  }
}

void make_placement() {
  const u32 n = host_cpus(g_placement.cpus, 64);
  g_placement.count = n < 1 ? 1 : n > 64 ? 64 : n;
  // With a host CPU to spare threads find their place and may spin; else a stub thread must sit where its vCPU does.
  g_placement.bind = g_options.cpus >= g_placement.count;
}

void refuse_start(const char* why, const char* detail, int code) {
  say(why, detail);
  end_process(code);
}

}  // namespace ostd::host
