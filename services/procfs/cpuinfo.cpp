// SPDX-License-Identifier: MPL-2.0
// /proc/cpuinfo, from what CPUID says. [sdm2 CPUID] Clock rates and cache sizes are not known and left out.
#include <base/byte_order.h>
#include <base/format.h>
#include <ostd/cpu.h>
#include <services/procfs/system_files.h>

namespace svc::procfs {
namespace {

enum class Word : u8 { d1, c1, b7, c7, d7, xd, xc, xsave, os };
struct Flag { Word word{}; u8 bit = 0; StaticStr name = ""; };
// Names as Linux prints them, in its order of words.
constexpr Array kFlags{
    Flag{Word::d1, 0, "fpu"}, Flag{Word::d1, 1, "vme"}, Flag{Word::d1, 2, "de"}, Flag{Word::d1, 3, "pse"}, Flag{Word::d1, 4, "tsc"},
    Flag{Word::d1, 5, "msr"}, Flag{Word::d1, 6, "pae"}, Flag{Word::d1, 7, "mce"}, Flag{Word::d1, 8, "cx8"}, Flag{Word::d1, 9, "apic"},
    Flag{Word::d1, 11, "sep"}, Flag{Word::d1, 12, "mtrr"}, Flag{Word::d1, 13, "pge"}, Flag{Word::d1, 14, "mca"}, Flag{Word::d1, 15, "cmov"},
    Flag{Word::d1, 16, "pat"}, Flag{Word::d1, 17, "pse36"}, Flag{Word::d1, 19, "clflush"}, Flag{Word::d1, 23, "mmx"}, Flag{Word::d1, 24, "fxsr"},
    Flag{Word::d1, 25, "sse"}, Flag{Word::d1, 26, "sse2"}, Flag{Word::d1, 27, "ss"}, Flag{Word::d1, 28, "ht"}, Flag{Word::xd, 11, "syscall"},
    Flag{Word::xd, 20, "nx"}, Flag{Word::xd, 22, "mmxext"}, Flag{Word::xd, 25, "fxsr_opt"}, Flag{Word::xd, 26, "pdpe1gb"},
    Flag{Word::xd, 27, "rdtscp"}, Flag{Word::xd, 29, "lm"}, Flag{Word::c1, 0, "pni"}, Flag{Word::c1, 1, "pclmulqdq"}, Flag{Word::c1, 9, "ssse3"},
    Flag{Word::c1, 12, "fma"}, Flag{Word::c1, 13, "cx16"}, Flag{Word::c1, 17, "pcid"}, Flag{Word::c1, 19, "sse4_1"}, Flag{Word::c1, 20, "sse4_2"},
    Flag{Word::c1, 21, "x2apic"}, Flag{Word::c1, 22, "movbe"}, Flag{Word::c1, 23, "popcnt"}, Flag{Word::c1, 24, "tsc_deadline_timer"},
    Flag{Word::c1, 25, "aes"}, Flag{Word::c1, 26, "xsave"}, Flag{Word::c1, 28, "avx"}, Flag{Word::c1, 29, "f16c"}, Flag{Word::c1, 30, "rdrand"},
    Flag{Word::c1, 31, "hypervisor"}, Flag{Word::xc, 0, "lahf_lm"}, Flag{Word::xc, 1, "cmp_legacy"}, Flag{Word::xc, 4, "cr8_legacy"},
    Flag{Word::xc, 5, "abm"}, Flag{Word::xc, 6, "sse4a"}, Flag{Word::xc, 7, "misalignsse"}, Flag{Word::xc, 8, "3dnowprefetch"},
    Flag{Word::os, 0, "pti"}, Flag{Word::b7, 0, "fsgsbase"}, Flag{Word::b7, 3, "bmi1"}, Flag{Word::b7, 5, "avx2"}, Flag{Word::b7, 7, "smep"}, Flag{Word::b7, 8, "bmi2"},
    Flag{Word::b7, 9, "erms"}, Flag{Word::b7, 10, "invpcid"}, Flag{Word::b7, 16, "avx512f"}, Flag{Word::b7, 17, "avx512dq"},
    Flag{Word::b7, 18, "rdseed"}, Flag{Word::b7, 19, "adx"}, Flag{Word::b7, 20, "smap"}, Flag{Word::b7, 23, "clflushopt"},
    Flag{Word::b7, 24, "clwb"}, Flag{Word::b7, 28, "avx512cd"}, Flag{Word::b7, 29, "sha_ni"}, Flag{Word::b7, 30, "avx512bw"},
    Flag{Word::b7, 31, "avx512vl"}, Flag{Word::xsave, 0, "xsaveopt"}, Flag{Word::xsave, 1, "xsavec"}, Flag{Word::xsave, 2, "xgetbv1"},
    Flag{Word::xsave, 3, "xsaves"}, Flag{Word::c7, 1, "avx512vbmi"}, Flag{Word::c7, 2, "umip"}, Flag{Word::c7, 8, "gfni"},
    Flag{Word::c7, 9, "vaes"}, Flag{Word::c7, 10, "vpclmulqdq"}, Flag{Word::c7, 11, "avx512_vnni"}, Flag{Word::c7, 12, "avx512_bitalg"},
    Flag{Word::c7, 14, "avx512_vpopcntdq"}, Flag{Word::c7, 22, "rdpid"}, Flag{Word::d7, 4, "fsrm"}, Flag{Word::d7, 10, "md_clear"},
    Flag{Word::d7, 14, "serialize"}, Flag{Word::d7, 28, "flush_l1d"}, Flag{Word::d7, 29, "arch_capabilities"}};

struct Words { Array<u32, 9> of{}; };

Words flag_words() {
  const cpu::CpuidRegs one = cpu::cpuid(1), ext = cpu::cpuid(0x8000'0001);
  const cpu::CpuidRegs seven = cpu::cpuid(0).a >= 7 ? cpu::cpuid(7) : cpu::CpuidRegs{};
  const cpu::CpuidRegs xsave = cpu::cpuid(0).a >= 0xd ? cpu::cpuid(0xd, 1) : cpu::CpuidRegs{};
  return {{{one.d, one.c, seven.b, seven.c, seven.d, ext.d, ext.c, xsave.a, cpu::user_isolated() ? 1U : 0U}}};
}

void put_word(Array<u8, 48>& to, usize at, u32 v) { store_le<u32>(to.items(), at, v); }

String vendor() {
  const cpu::CpuidRegs r = cpu::cpuid(0);
  Array<u8, 48> b{};
  put_word(b, 0, r.b);
  put_word(b, 4, r.d);
  put_word(b, 8, r.c);
  return String(std::span<const u8>(b.items().subspan(0, 12)));
}

String model_name() {
  if (cpu::cpuid(0x8000'0000).a < 0x8000'0004) return String("unknown");
  Array<u8, 48> b{};
  for (u32 i = 0; i < 3; ++i) {
    const cpu::CpuidRegs r = cpu::cpuid(0x8000'0002 + i);
    put_word(b, i * 16, r.a);
    put_word(b, i * 16 + 4, r.b);
    put_word(b, i * 16 + 8, r.c);
    put_word(b, i * 16 + 12, r.d);
  }
  const String whole{std::span<const u8>(b.items())};
  std::string_view v = whole.view().substr(0, whole.view().find('\0'));
  while (!v.empty() && v.front() == ' ') v.remove_prefix(1);
  while (!v.empty() && v.back() == ' ') v.remove_suffix(1);
  return String(v);
}

}  // namespace

Status cpuinfo(const Subject& s, const Context& who, String& out) {
  const u32 id = cpu::cpuid(1).a;
  const u32 base = id >> 8 & 15;
  const u32 family = base == 15 ? base + (id >> 20 & 0xff) : base;
  const u32 model = (id >> 4 & 15) | (base == 6 || base == 15 ? id >> 12 & 0xf0 : 0);
  const u32 extended = cpu::cpuid(0x8000'0000).a;
  const u32 sizes = extended >= 0x8000'0008 ? cpu::cpuid(0x8000'0008).a : 0x3024;
  const Words words = flag_words();
  String flags{};
  for (const Flag& f : kFlags.items())
    if ((words.of[static_cast<usize>(f.word)] >> f.bit & 1) != 0) ostd::format_to(flags, " {}", f.name);
  const String maker = vendor(), name = model_name(), bugs = cpu::bugs();
  for (u32 i = 0; i < cpu::count(); ++i) {
    ostd::format_to(out, "processor\t: {}\nvendor_id\t: {}\ncpu family\t: {}\nmodel\t\t: {}\nmodel name\t: {}\nstepping\t: {}\n", i, maker, family,
                    model, name, id & 15);
    ostd::format_to(out, "fpu\t\t: yes\nfpu_exception\t: yes\ncpuid level\t: {}\nwp\t\t: yes\nflags\t\t:{}\nbugs\t\t:{}\n", cpu::cpuid(0).a, flags, bugs);
    ostd::format_to(out, "clflush size\t: {}\ncache_alignment\t: {}\naddress sizes\t: {} bits physical, {} bits virtual\npower management:\n\n",
                    (cpu::cpuid(1).b >> 8 & 0xff) * 8, (cpu::cpuid(1).b >> 8 & 0xff) * 8, sizes & 0xff, sizes >> 8 & 0xff);
  }
  return Ok();
}

}  // namespace svc::procfs
