// SPDX-License-Identifier: MPL-2.0
// Which speculation bugs a processor has, and the choice of mitigations. Tables of models are by the makers' lists of affected
// processors [intel-affected] [amd-sb]; bits by which newer ones say that they are not affected come first.
#include <boot/words.h>
#include <cpu/speculation.h>

namespace ostd::target {

namespace {
constexpr bool bit(u64 v, u32 n) { return (v >> n & 1) != 0; }

// IA32_ARCH_CAPABILITIES [sdm4 2.1]
enum Capability : u32 {
  kRdclNo = 0, kIbrsAll = 1, kRsba = 2, kSsbNo = 4, kMdsNo = 5, kPageSizeNo = 6, kTsxCtrl = 7, kTaaNo = 8, kSbdrNo = 13, kFbsdpNo = 14,
  kPsdpNo = 15, kRrsba = 19, kBhiNo = 20, kPbrsbNo = 24, kGdsNo = 26, kRfdsNo = 27, kRfdsClear = 28, kItsNo = 62
};

// What models do not have though they speculate (Not...), and what only some have.
enum Trait : u32 {
  kNoSpeculation = 1 << 0, kNotStoreBypass = 1 << 1, kNotL1tf = 1 << 2, kNotMds = 1 << 3, kStoreBuffersOnly = 1 << 4, kNotSwapgs = 1 << 5,
  kNotMultihit = 1 << 6, kNotMmio = 1 << 7, kNotPbrsb = 1 << 8, kNotMeltdown = 1 << 9, kNotHistory = 1 << 10,
  kSrbds = 1 << 16, kMmio = 1 << 17, kRetbleed = 1 << 18, kGds = 1 << 19, kRfds = 1 << 20, kSmtReturns = 1 << 21, kSrso = 1 << 22, kMmioSbds = 1 << 23,
  kIts = 1 << 24, kItsNative = 1 << 25, kTsa = 1 << 26
};
struct Model { u8 model; u32 traits; };

constexpr u32 kBonnell = kNoSpeculation;
constexpr u32 kSilvermont = kNotStoreBypass | kNotL1tf | kStoreBuffersOnly | kNotSwapgs | kNotMultihit;
constexpr u32 kGoldmont = kNotMds | kNotL1tf | kNotSwapgs | kNotMultihit | kNotMmio | kRfds;
constexpr u32 kTremont = kMmio | kMmioSbds | kRfds;
constexpr u32 kSkylake = kMmio | kRetbleed | kGds;
// Family 6 of Intel.
constexpr Model kIntel[] = {
    {0x1c, kBonnell}, {0x26, kBonnell}, {0x27, kBonnell}, {0x35, kBonnell}, {0x36, kBonnell},
    {0x37, kSilvermont}, {0x4a, kSilvermont}, {0x4c, kSilvermont}, {0x4d, kSilvermont}, {0x5a, kSilvermont}, {0x57, kSilvermont}, {0x85, kSilvermont},
    {0x75, kNotStoreBypass | kNotL1tf | kNotSwapgs | kNotMultihit},
    {0x5c, kGoldmont}, {0x5f, kGoldmont}, {0x7a, kGoldmont | kNotPbrsb},
    {0x86, kTremont | kNotMultihit | kNotPbrsb}, {0x96, kTremont}, {0x9c, kTremont},
    {0x3a, kSrbds}, {0x3c, kSrbds}, {0x45, kSrbds}, {0x46, kSrbds}, {0x3d, kSrbds}, {0x47, kSrbds},
    {0x3f, kMmio}, {0x4f, kMmio}, {0x56, kMmio},
    {0x55, kSkylake}, {0x4e, kSkylake | kSrbds}, {0x5e, kSkylake | kSrbds}, {0x8e, kSkylake | kSrbds}, {0x9e, kSkylake | kSrbds},
    {0x66, kRetbleed}, {0x7e, kSkylake | kMmioSbds | kIts | kItsNative}, {0x6a, kMmio | kGds | kIts | kItsNative},
    {0x6c, kMmio | kGds | kIts | kItsNative}, {0xa5, kSkylake | kMmioSbds | kIts},
    {0xa6, kSkylake | kMmioSbds | kIts}, {0x8a, kMmio | kMmioSbds | kRetbleed}, {0xa7, kSkylake | kIts | kItsNative},
    {0x8c, kGds | kIts | kItsNative}, {0x8d, kGds | kIts | kItsNative},
    {0x97, kRfds}, {0x9a, kRfds}, {0xb7, kRfds}, {0xba, kRfds}, {0xbf, kRfds}, {0xbe, kRfds}};

// Models whose later steppings have indirect branches that are predicted across the border of a cache line.
bool late_stepping(const Identity& id) {
  return (id.model == 0x55 && id.stepping > 5) || (id.model == 0x8e && id.stepping > 0xb) || (id.model == 0x9e && id.stepping > 0xc);
}

u32 traits_of(const Identity& id) {
  switch (id.vendor) {
    case Vendor::intel:
      if (id.family < 6) return kNoSpeculation;
      if (id.family == 6)
        for (const Model& m : kIntel)
          if (m.model == id.model) return m.traits | (late_stepping(id) ? kIts : 0);
      return 0;
    case Vendor::amd:
    case Vendor::hygon: {
      u32 t = kNotMeltdown | kNotL1tf | kNotMds | kNotSwapgs | kNotMultihit | kNotMmio | kNotHistory;
      if (id.family >= 0xf && id.family <= 0x12) t |= kNotStoreBypass;
      else t |= kNotPbrsb;
      if (id.family == 0x15 || id.family == 0x16) t |= kRetbleed;
      if (id.family == 0x17 || id.family == 0x18) t |= kRetbleed | kSmtReturns | kSrso;
      if (id.family == 0x19) t |= kSrso | kTsa;
      return t;
    }
    case Vendor::other: return 0;
  }
  return 0;
}

bool enhanced(const Identity& id) { return bit(id.capabilities, kIbrsAll); }
bool automatic(const Identity& id) { return bit(id.extended21_a, 8); }
constexpr std::string_view kNames[] = {"fxsave_leak", "sysret_ss_attrs", "null_seg", "swapgs_fence", "amd_e400", "cpu_meltdown", "spectre_v1",
    "spectre_v2", "spec_store_bypass", "l1tf", "mds", "msbds_only", "swapgs", "taa", "itlb_multihit", "srbds", "mmio_stale_data", "mmio_unknown",
    "retbleed", "eibrs_pbrsb", "smt_rsb", "gds", "srso", "div0", "rfds", "bhi", "its", "its_native_only", "tsa"};
static_assert(sizeof kNames / sizeof kNames[0] == static_cast<usize>(Bug::count));

enum class Wanted : u8 { on, on_without_smt, off };
enum class Isolation : u8 { by_processor, on, off };
struct Words {
  Wanted all = Wanted::on;
  Isolation isolation = Isolation::by_processor;
  bool retbleed = true, srso = true;
};
Words wanted(std::string_view line) {
  Words w;
  for_words(line, [&](std::string_view word) {
    if (word == "mitigations=off") w.all = Wanted::off;
    if (word == "mitigations=auto") w.all = Wanted::on;
    if (word == "mitigations=auto,nosmt") w.all = Wanted::on_without_smt;
    if (word == "nopti" || word == "pti=off") w.isolation = Isolation::off;
    if (word == "pti=auto") w.isolation = Isolation::by_processor;
    if (word == "pti=on") w.isolation = Isolation::on;
    if (word.starts_with("retbleed=")) w.retbleed = word != "retbleed=off";
    if (word.starts_with("spec_rstack_overflow=")) w.srso = word != "spec_rstack_overflow=off";
  });
  return w;
}
}  // namespace

std::string_view bug_name(Bug b) { return kNames[static_cast<usize>(b)]; }

BugSet bugs_of(const Identity& id) {
  const u32 t = traits_of(id);
  const u64 caps = id.capabilities;
  BugSet s;
  if (id.vendor == Vendor::amd) {
    s.add(Bug::sysret_ss_attrs);
    if (!bit(id.extended8_b, 2)) s.add(Bug::fxsave_leak);
    if (id.family == 0xf) s.add(Bug::swapgs_fence);
    if (id.family == 0xf && id.model >= 0x40) s.add(Bug::amd_e400);
  }
  if ((id.vendor == Vendor::amd || id.vendor == Vendor::hygon) && !bit(id.extended21_a, 6)) s.add(Bug::null_seg);
  if (id.vendor == Vendor::amd && id.family == 0x17 && id.model < 0x30) s.add(Bug::div0);
  if (!(t & kNotMultihit) && !bit(caps, kPageSizeNo)) s.add(Bug::itlb_multihit);
  if (t & kNoSpeculation) return s;
  s.add(Bug::spectre_v1);
  s.add(Bug::spectre_v2);
  if (!(t & kNotStoreBypass) && !bit(caps, kSsbNo) && !bit(id.extended8_b, 26)) s.add(Bug::spec_store_bypass);
  if ((enhanced(id) || automatic(id)) && !(t & kNotPbrsb) && !bit(caps, kPbrsbNo)) s.add(Bug::eibrs_pbrsb);
  if (!(t & kNotMds) && !bit(caps, kMdsNo)) {
    s.add(Bug::mds);
    if (t & kStoreBuffersOnly) s.add(Bug::msbds_only);
  }
  if (!(t & kNotSwapgs)) s.add(Bug::swapgs);
  if (!bit(caps, kTaaNo) && (bit(id.leaf7_b, 11) || bit(caps, kTsxCtrl))) s.add(Bug::taa);
  if ((t & (kSrbds | kMmioSbds)) && (bit(id.leaf1_c, 30) || bit(id.leaf7_b, 18))) s.add(Bug::srbds);
  if (!(bit(caps, kFbsdpNo) && bit(caps, kPsdpNo) && bit(caps, kSbdrNo))) {
    if (t & kMmio) s.add(Bug::mmio_stale_data);
    else if (!(t & kNotMmio)) s.add(Bug::mmio_unknown);
  }
  if (!bit(id.extended8_b, 29) && ((t & kRetbleed) || bit(caps, kRsba))) s.add(Bug::retbleed);
  if (t & kSmtReturns) s.add(Bug::smt_rsb);
  if ((t & kSrso) && !bit(id.extended21_a, 29)) s.add(Bug::srso);
  if ((t & kGds) && !bit(caps, kGdsNo) && bit(id.leaf1_c, 28)) s.add(Bug::gds);
  if (!bit(caps, kRfdsNo) && ((t & kRfds) || bit(caps, kRfdsClear))) s.add(Bug::rfds);
  if (!(t & kNotHistory) && !bit(caps, kBhiNo)) s.add(Bug::bhi);
  if ((t & kIts) && !bit(caps, kItsNo) && !bit(id.leaf7_2_d, 4)) {
    s.add(Bug::its);
    if (t & kItsNative) s.add(Bug::its_native_only);
  }
  if ((t & kTsa) && !(bit(id.extended21_c, 1) && bit(id.extended21_c, 2))) s.add(Bug::tsa);
  if ((t & kNotMeltdown) || bit(caps, kRdclNo)) return s;
  s.add(Bug::cpu_meltdown);
  if (!(t & kNotL1tf)) s.add(Bug::l1tf);
  return s;
}

Mitigations choose_mitigations(const Identity& id, BugSet bugs, std::string_view command_line) {
  Mitigations m;
  const Words words = wanted(command_line);
  const Wanted w = words.all;
  if (w == Wanted::off) return m;
  m.isolate = words.isolation == Isolation::on || (words.isolation == Isolation::by_processor && bugs.has(Bug::cpu_meltdown));
  const bool buffers = bugs.has(Bug::mds) || bugs.has(Bug::taa) || bugs.has(Bug::mmio_stale_data) || bugs.has(Bug::rfds) ||
                       (bugs.has(Bug::tsa) && bit(id.extended21_a, 5));  // VERW does it from some microcode on
  m.clear_buffers = buffers;
  m.swapgs_fence = bugs.has(Bug::swapgs) || bugs.has(Bug::swapgs_fence);
  if (bugs.has(Bug::spectre_v2)) {
    m.auto_restrict = automatic(id);
    m.restrict_branches = enhanced(id) && !m.auto_restrict;
    m.restrict_on_entry =
        !m.auto_restrict && !m.restrict_branches && id.vendor == Vendor::intel && words.retbleed && bugs.has(Bug::retbleed) && bit(id.leaf7_d, 26);
    m.branches = m.auto_restrict || m.restrict_branches || m.restrict_on_entry ? Branches::plain : Branches::retpoline;
    m.refill_returns = true;
    m.branch_barrier = bit(id.leaf7_d, 26) || bit(id.extended8_b, 12);
    m.restrict_history = bugs.has(Bug::bhi) && bit(id.leaf7_2_d, 4);
    // Retpolines do not look at the history, unless returns are predicted like other branches when their stack is empty.
    m.clear_history = bugs.has(Bug::bhi) && !m.restrict_history && (m.branches == Branches::plain || bit(id.capabilities, kRrsba));
  }
  const bool amd = id.vendor == Vendor::amd || id.vendor == Vendor::hygon;
  m.barrier_on_entry =
      amd && ((words.retbleed && bugs.has(Bug::retbleed)) || (words.srso && bugs.has(Bug::srso))) && bit(id.extended8_b, 12);
  if (bugs.has(Bug::spectre_v2) && (bit(id.leaf7_d, 27) || bit(id.extended8_b, 15))) m.limits |= kSpecStibp;
  if (bugs.has(Bug::spec_store_bypass) && (bit(id.leaf7_d, 31) || bit(id.extended8_b, 24))) m.limits |= kSpecSsbd;
  m.clear_divider = bugs.has(Bug::div0);
  m.clear_fpu_pointers = bugs.has(Bug::fxsave_leak);
  // Buffers that two threads of a core share can only be kept apart by not using one of them.
  m.one_thread = w == Wanted::on_without_smt && (buffers || bugs.has(Bug::l1tf) || bugs.has(Bug::smt_rsb));
  return m;
}

void site_code(const Site& s, const Mitigations& m, u64 verw_operand, std::span<u8> to) {
  constexpr u8 kNop3[3] = {0x0f, 0x1f, 0x00}, kFence[3] = {0x0f, 0xae, 0xe8};
  constexpr u8 kJump[5] = {0x41, 0xff, 0xe3, 0xcc, 0xcc}, kRetpoline[5] = {0xe8, 7, 0, 0, 0};  // jmp *%r11; call 7 bytes on
  constexpr u8 kNop7[7] = {0x0f, 0x1f, 0x80, 0, 0, 0, 0};
  u8 verw[7] = {0x0f, 0x00, 0x2d, 0, 0, 0, 0};  // verw operand(%rip)
  const u32 distance = static_cast<u32>(verw_operand - (s.address + 7));
  __builtin_memcpy(verw + 3, &distance, 4);
  u8 jump[5] = {0xe9};
  const u32 away = static_cast<u32>(s.to - (s.address + 5));
  __builtin_memcpy(jump + 1, &away, 4);
  const u8* code = nullptr;
  switch (s.kind) {
    case kSiteVerw: code = m.clear_buffers ? verw : kNop7; break;
    case kSiteFence: code = m.swapgs_fence ? kFence : kNop3; break;
    case kDetourTable: code = m.isolate ? jump : nullptr; break;
    case kDetourEntry: code = m.restrict_on_entry || m.barrier_on_entry ? jump : nullptr; break;
    case kDetourExit: code = m.restrict_on_entry ? jump : nullptr; break;
    case kDetourHistory: code = m.clear_history ? jump : nullptr; break;
    case kDetourDivide: code = m.clear_divider ? jump : nullptr; break;
    case kSiteBranch: code = m.branches == Branches::plain ? kJump : kRetpoline; break;
  }
  if (code) __builtin_memcpy(to.data(), code, to.size());
}

}  // namespace ostd::target
