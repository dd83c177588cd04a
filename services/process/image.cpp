// SPDX-License-Identifier: MPL-2.0
// Building the memory of a new program.
#include <base/bytes.h>
#include <ostd/cpu.h>
#include <ostd/random.h>
#include <services/fs/namei.h>
#include <services/process/image.h>
#include <services/process/rseq.h>
#include <services/process/signal_api.h>

namespace svc::proc {
namespace {

constexpr u64 kStackTop = 0x7fff'efff'f000;          // below the gap at the end of user space
constexpr u64 kPieBase = 0x5555'5555'4000;
constexpr u64 kInterpBase = 0x7fff'd000'0000;
constexpr u64 kStackGap = 256ULL << 20, kMostGap = 64ULL << 30;   // between mappings and the stack's top
constexpr u64 kStackSpread = 16ULL << 30, kMapSpread = 1ULL << 40, kHeapSpread = 32ULL << 20;   // what randomness moves them by, as on Linux
constexpr u64 kAuxiliary = 2048;                      // what comes onto the stack besides strings and their addresses, and gaps
constexpr usize kScriptLine = 256;                    // BINPRM_BUF_SIZE
constexpr u64 kAtNull = 0, kAtPhdr = 3, kAtPhent = 4, kAtPhnum = 5, kAtPagesz = 6, kAtBase = 7, kAtFlags = 8, kAtEntry = 9, kAtUid = 11,
              kAtEuid = 12, kAtGid = 13, kAtEgid = 14, kAtPlatform = 15, kAtHwcap = 16, kAtClktck = 17, kAtSecure = 23, kAtRandom = 25,
              kAtHwcap2 = 26, kAtRseqFeatureSize = 27, kAtRseqAlign = 28, kAtExecfn = 31, kAtMinsigstksz = 51;

struct Places { u64 stack_top = kStackTop, map_top = 0, program = kPieBase, interpreter = kInterpBase, heap_gap = 0, jitter = 0; };

// A multiple of a page below spread, which is a power of two.
u64 random_pages(u64 spread) { return random::next_u64() & (spread - 1) & ~kPageMask; }

Places choose_places(Randomize how, const vm::VmLimits& limits) {
  Places p{};
  if (how == Randomize::nothing) return p;
  p.stack_top -= random_pages(kStackSpread);
  const u64 gap = limits.stack < kStackGap ? kStackGap : limits.stack < kMostGap ? page_up(limits.stack) : kMostGap;
  p.map_top = p.stack_top - gap - random_pages(kMapSpread);
  p.program += random_pages(kMapSpread);
  p.interpreter = 0;   // below map_top
  if (how == Randomize::all) p.heap_gap = random_pages(kHeapSpread);
  p.jitter = random::next_u64() & 0x1ff0;
  return p;
}

// Copies downwards onto the new stack.
class StackBuilder {
 public:
  StackBuilder(const Ref<AddressSpace>& space, u64 top) : space_(space), sp_(top) {}
  Result<u64> string(std::string_view s) {
    const u8 nul = 0;
    sp_ -= s.size() + 1;
    TRY(user::write_bytes(*space_, VirtAddr(sp_), bytes_of(s)));
    TRY(user::write(*space_, VirtAddr(sp_ + s.size()), nul));
    return sp_;
  }
  Result<u64> bytes(std::span<const u8> b) {
    sp_ = (sp_ - b.size()) & ~15ULL;
    TRY(user::write_bytes(*space_, VirtAddr(sp_), b));
    return sp_;
  }
  Result<u64> strings(const ArgStrings& list) {
    sp_ -= list.bytes();
    u64 to = sp_;
    TRY(list.each_block([&](std::span<const u8> block) -> Status {
      TRY(user::write_bytes(*space_, VirtAddr(to), block));
      to += block.size();
      return Ok();
    }));
    return sp_;
  }
  // Room for n words; where.
  u64 room(usize words) {
    sp_ = (sp_ - words * 8) & ~15ULL;
    return sp_;
  }
  u64 at() const { return sp_; }

 private:
  Ref<AddressSpace> space_;
  u64 sp_ = 0;
};

usize total_size(const ExecRequest& r) {
  usize n = r.path.size() + 1 + (r.argv.count() + r.envp.count()) * 8 + r.argv.bytes() + r.envp.bytes();
  for (const String& s : r.before_argv) n += s.size() + 9;
  return n;
}

// Writes words upwards, some at a time.
class WordWriter {
 public:
  WordWriter(const Ref<AddressSpace>& space, u64 at) : space_(space), at_(at) {}
  Status put(u64 word) {
    words_[count_++] = word;
    return count_ == words_.size() ? flush() : Ok();
  }
  // The addresses of strings that lie one after the other from `at` on.
  Status put_addresses(const ArgStrings& list, u64 at) {
    return list.each_block([&](std::span<const u8> block) -> Status {
      bool starts = true;
      for (const u8& b : block) {
        if (starts) TRY(put(at));
        starts = b == 0;
        ++at;
      }
      return Ok();
    });
  }
  Status flush() {
    TRY(user::write_array<u64>(*space_, VirtAddr(at_), words_.items().subspan(0, count_)));
    at_ += count_ * 8;
    count_ = 0;
    return Ok();
  }

 private:
  Ref<AddressSpace> space_;
  u64 at_ = 0;
  Array<u64, 32> words_{};
  usize count_ = 0;
};

struct Stacked {
  u64 sp = 0, arg_start = 0, arg_end = 0, env_start = 0, env_end = 0;
  Vec<u64> auxv{};
};

Result<Stacked> fill_stack(const Ref<AddressSpace>& space, const ExecRequest& r, const ElfImage& image, const Loaded& main, u64 interp_base, const ImageIds& ids,
                           const Places& places) {
  StackBuilder b(space, places.stack_top - 16);
  Stacked out{};
  const u64 execfn = TRY(b.string(r.path.view()));
  out.env_end = b.at();
  const u64 env = TRY(b.strings(r.envp));
  out.env_start = b.at();
  out.arg_end = b.at();
  const u64 arg = TRY(b.strings(r.argv));
  Vec<u64> before{};  // last first
  for (usize i = r.before_argv.size(); i > 0; --i) before.push_back(TRY(b.string(r.before_argv[i - 1].view())));
  out.arg_start = b.at();
  b.room(places.jitter / 8);
  const u64 platform = TRY(b.string("x86_64"));
  Array<u8, 16> seed{};
  random::fill(seed.items());
  const u64 random_at = TRY(b.bytes(seed.items()));
  const UserContext probe{};
  out.auxv = Vec<u64>::from(Array<u64, 44>{{kAtHwcap, cpu::cpuid(1).d, kAtPagesz, kPageSize, kAtClktck, 100, kAtPhdr, main.headers, kAtPhent, 56, kAtPhnum,
      image.header_count, kAtBase, interp_base, kAtFlags, 0, kAtEntry, main.entry, kAtUid, ids.uid.value, kAtEuid, ids.euid.value, kAtGid,
      ids.gid.value, kAtEgid, ids.egid.value, kAtSecure, ids.secure ? 1ULL : 0ULL, kAtRandom, random_at, kAtHwcap2, 0, kAtExecfn, execfn,
      kAtPlatform, platform, kAtRseqFeatureSize, kRseqFeatureSize, kAtRseqAlign, kRseqAlign, kAtMinsigstksz, signal_frame_size(probe.fpu_size()), kAtNull, 0}}.items());
  const usize args = before.size() + r.argv.count();
  out.sp = b.room(args + r.envp.count() + 3 + out.auxv.size());
  WordWriter w(space, out.sp);
  TRY(w.put(args));
  for (usize i = before.size(); i > 0; --i) TRY(w.put(before[i - 1]));
  TRY(w.put_addresses(r.argv, arg));
  TRY(w.put(0));
  TRY(w.put_addresses(r.envp, env));
  TRY(w.put(0));
  for (const u64& x : out.auxv) TRY(w.put(x));
  TRY(w.flush());
  return out;
}

Status map_stack(CapRef<vm::Vm, vm::memory::use | vm::memory::change> vm, u64 top, u64 need, bool executable, const vm::VmLimits& limits) {
  vm::MapRequest s{};
  s.length = page_up(need + 128 * 1024);
  s.hint = VirtAddr(top - s.length);
  s.prot = {true, true, executable};
  s.grows_down = true;
  s.placement = vm::MapRequest::Placement::fixed;
  s.name = "[stack]";
  static_cast<void>(TRY(vm.map(s, limits)));
  // What is written below is there then: writing does not tell too little memory from a bad address.
  const u64 used = page_up(need + kAuxiliary);
  return vm.populate(VirtAddr(top - used), used);
}

// Interpreter and one optional argument of a "#!" line.
struct ScriptLine { String interpreter{}; Opt<String> argument{}; };

Result<Opt<ScriptLine>> read_script_line(CapRef<fs::File, fs::file::execute> f, const Context& who) {
  Array<u8, kScriptLine> raw{};
  Writer w = Writer::buffer(raw.items());
  const usize n = TRY(f.load(who, 0, w));
  String all(raw.items().subspan(0, n));
  std::string_view v = all.view();
  if (v.size() < 2 || v[0] != '#' || v[1] != '!') return Opt<ScriptLine>();
  v.remove_prefix(2);
  const usize end = v.find('\n');
  const bool cut = end == std::string_view::npos;
  v = v.substr(0, end);
  const usize nul = v.find('\0');
  if (nul != std::string_view::npos) v = v.substr(0, nul);
  const usize first = v.find_first_not_of(" \t");
  if (first == std::string_view::npos) return Errc::not_executable;
  v = v.substr(first, v.find_last_not_of(" \t") + 1 - first);
  const usize space = v.find_first_of(" \t");
  if (cut && n == kScriptLine && space == std::string_view::npos) return Errc::not_executable;  // the name itself was cut
  ScriptLine line{};
  line.interpreter = String(v.substr(0, space));
  if (space != std::string_view::npos) {
    const usize arg = v.find_first_not_of(" \t", space);
    if (arg != std::string_view::npos) line.argument = String(v.substr(arg));
  }
  return Opt<ScriptLine>(std::move(line));
}

String last_component(std::string_view path) {
  const usize slash = path.find_last_of('/');
  return String(slash == std::string_view::npos ? path : path.substr(slash + 1));
}

}  // namespace

Status resolve_script(const Context& who, const fs::FsContext& fs, ExecRequest& r) {
  for (u32 level = 0;; ++level) {
    Opt<ScriptLine> line = TRY(read_script_line(r.file, who));
    if (!line) return Ok();
    if (level == 5) return Errc::symlink_loop;
    if (r.path_closes) return Errc::not_found;
    // argv becomes: interpreter, [argument], path of the script, the old argv without its first.
    if (level == 0) r.argv.remove_first();
    else r.before_argv.remove(0);
    usize at = 0;
    r.before_argv.insert(at++, line->interpreter.copy());
    if (line->argument) r.before_argv.insert(at++, line->argument->copy());
    r.before_argv.insert(at, r.path.copy());
    r.file = TRY(open_exec(who, fs, fs.cwd(), line->interpreter.view(), fs::walk::follow));
    r.path = std::move(line->interpreter);
    r.path_closes = false;
  }
}

namespace {

// The program's ELF interpreter.
struct Linker {
  Cap<fs::File, fs::file::execute> file;
  ElfImage image{};
};

Result<Opt<Linker>> read_linker(const Context& who, const fs::FsContext& fs, const ElfImage& image) {
  if (!image.interpreter) return Opt<Linker>();
  Cap<fs::File, fs::file::execute> file = TRY(open_exec(who, fs, fs.cwd(), image.interpreter->view(), fs::walk::follow));
  ElfImage ld = TRY(read_elf(file, who));
  return Opt<Linker>(Linker{std::move(file), std::move(ld)});
}

// Stack, program and linker into an empty vm.
Status map_image(Image& out, const ExecRequest& r, const ElfImage& image, const Opt<Linker>& linker, usize need, const ImageIds& ids,
                 const vm::VmLimits& limits) {
  if (image.broken || (linker && linker->image.broken)) return Errc::invalid_argument;
  const CapRef<vm::Vm, vm::memory::use | vm::memory::change> vm = out.vm;
  const Places places = choose_places(r.randomize, limits);
  if (places.map_top != 0) vm.set_map_top(VirtAddr(places.map_top));
  TRY(map_stack(vm, places.stack_top, need + places.jitter, image.executable_stack, limits));
  const Loaded main = TRY(map_elf(vm, image, r.file, places.program, limits));
  out.entry = main.entry;
  u64 interp_base = 0;
  if (linker) {
    const Loaded at = TRY(map_elf(vm, linker->image, linker->file, places.interpreter, limits));
    out.entry = at.entry;
    interp_base = at.bias;
  }
  const u64 heap = main.end + places.heap_gap;
  vm.init_break(VirtAddr(heap));
  Stacked st = TRY(fill_stack(vm.space_ref(), r, image, main, interp_base, ids, places));
  vm::Layout l{};
  l.start_code = VirtAddr(main.start_code);
  l.end_code = VirtAddr(main.end_code);
  l.start_data = VirtAddr(main.start_data);
  l.end_data = VirtAddr(main.end_data);
  l.start_brk = VirtAddr(heap);
  l.start_stack = VirtAddr(st.sp);
  l.arg_start = VirtAddr(st.arg_start);
  l.arg_end = VirtAddr(st.arg_end);
  l.env_start = VirtAddr(st.env_start);
  l.env_end = VirtAddr(st.env_end);
  vm.set_layout(l, std::move(st.auxv));
  out.stack_pointer = st.sp;
  return Ok();
}

}  // namespace

Result<Image> build_image(const Context& who, const fs::FsContext& fs, ExecRequest& r, const ImageIds& ids, const Ref<Account>& account,
                          const vm::VmLimits& limits) {
  const usize need = total_size(r);
  const u64 allowed = limits.stack / 4 < (6ULL << 20) ? limits.stack / 4 : 6ULL << 20;
  if (need > (allowed > 131072 ? allowed : 131072)) return Errc::argument_list_too_long;
  String command = last_component(r.path.view());
  TRY(resolve_script(who, fs, r));
  const ElfImage image = TRY(read_elf(r.file, who));
  const Opt<Linker> linker = TRY(read_linker(who, fs, image));
  String exe_path{};
  const Opt<fs::Path> where = r.file->path();
  if (where) exe_path = fs::path_text(*where, fs.root(), fs::Deleted::mark);
  Image out{TRY(vm::Vm::create(account)), 0, 0, r.file.ref(), std::move(exe_path), std::move(command)};
  const Status mapped = map_image(out, r, image, linker, total_size(r), ids, limits);
  // Too little memory is an error that the caller can still be told; a file that makes no sense kills, as on Linux.
  if (mapped.error() == Errc::out_of_memory) return Errc::out_of_memory;
  out.usable = mapped.ok();
  return out;
}

}  // namespace svc::proc
