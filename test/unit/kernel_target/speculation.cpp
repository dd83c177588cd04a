// SPDX-License-Identifier: MPL-2.0
// Which bugs and mitigations descriptions of processors lead to. The lists of bugs are what Linux 6.12 says of the same CPUID values.
#include <cpu/speculation.h>
#include <string>
#include <unit.h>

using namespace ostd;
using namespace ostd::target;

namespace {
std::string names(BugSet s) {
  std::string all;
  for (u8 i = 0; i < static_cast<u8>(Bug::count); ++i)
    if (s.has(Bug{i})) all += (all.empty() ? "" : " ") + std::string(bug_name(Bug{i}));
  return all;
}
constexpr u32 bits(std::initializer_list<u32> which) {
  u32 v = 0;
  for (const u32 n : which) v |= 1U << n;
  return v;
}
Identity intel(u32 model) {
  Identity id;
  id.vendor = Vendor::intel;
  id.family = 6;
  id.model = model;
  id.leaf1_c = bits({28, 30});
  return id;
}
Identity amd(u32 family, u32 model) {
  Identity id;
  id.vendor = Vendor::amd;
  id.family = family;
  id.model = model;
  return id;
}
Mitigations chosen(const Identity& id, std::string_view line = "") { return choose_mitigations(id, bugs_of(id), line); }
std::vector<u8> code(u32 kind, u32 size, const Mitigations& m) {
  std::vector<u8> v(size);
  site_code({0x1000, kind, size}, m, 0x2007, v);
  return v;
}
}  // namespace

TEST_CASE("an old Intel processor has the bugs of its time") {
  Identity id = intel(0x5e);
  id.leaf7_b = bits({11, 18});  // RTM, RDSEED
  CHECK(names(bugs_of(id)) == "cpu_meltdown spectre_v1 spectre_v2 spec_store_bypass l1tf mds swapgs taa itlb_multihit srbds mmio_stale_data retbleed gds bhi");
  id.leaf7_b = 0;
  CHECK(!bugs_of(id).has(Bug::taa));
}
TEST_CASE("an Intel processor that says it is not affected is believed") {
  Identity id = intel(0x6a);
  id.capabilities = bits({0, 1, 3, 5, 6, 8, 13, 14, 15});
  CHECK(names(bugs_of(id)) == "spectre_v1 spectre_v2 spec_store_bypass swapgs eibrs_pbrsb gds bhi its its_native_only");
}
TEST_CASE("later steppings have bugs of their own") {
  Identity id = intel(0x55);  // QEMU's Cascadelake-Server
  id.stepping = 6;
  CHECK(names(bugs_of(id)) ==
        "cpu_meltdown spectre_v1 spectre_v2 spec_store_bypass l1tf mds swapgs itlb_multihit mmio_stale_data retbleed gds bhi its");
  id.stepping = 4;
  CHECK(!bugs_of(id).has(Bug::its));
}
TEST_CASE("processors that do not speculate have no speculation bugs") {
  CHECK(!bugs_of(intel(0x1c)).has(Bug::spectre_v1));
  CHECK(chosen(intel(0x1c)) == Mitigations{});
}
TEST_CASE("AMD processors have their own list") {
  CHECK(names(bugs_of(amd(0x17, 1))) ==
        "fxsave_leak sysret_ss_attrs null_seg spectre_v1 spectre_v2 spec_store_bypass retbleed smt_rsb srso div0");  // QEMU's EPYC
  CHECK(names(bugs_of(amd(0x19, 1))) == "fxsave_leak sysret_ss_attrs null_seg spectre_v1 spectre_v2 spec_store_bypass srso tsa");  // EPYC-Milan
  CHECK(names(bugs_of(amd(0xf, 0x6b))) == "fxsave_leak sysret_ss_attrs null_seg swapgs_fence amd_e400 spectre_v1 spectre_v2");  // TCG's max
  Identity zen3 = amd(0x19, 1);
  zen3.extended8_b = bits({2, 29});
  CHECK(names(bugs_of(zen3)) == "sysret_ss_attrs null_seg spectre_v1 spectre_v2 spec_store_bypass srso tsa");
  zen3.extended21_a = bits({6, 29});
  zen3.extended21_c = bits({1, 2});
  CHECK(names(bugs_of(zen3)) == "sysret_ss_attrs spectre_v1 spectre_v2 spec_store_bypass");
}

TEST_CASE("without eIBRS indirect branches become retpolines") {
  const Mitigations m = chosen(intel(0x5e));
  CHECK((m.branches == Branches::retpoline && !m.restrict_branches && m.refill_returns && !m.branch_barrier));
  CHECK((m.clear_buffers && m.swapgs_fence && !m.one_thread));
}
TEST_CASE("with eIBRS they stay, and user predictions are kept out") {
  Identity id = intel(0x6a);
  id.capabilities = bits({0, 1, 5, 8, 13, 14, 15});
  id.leaf7_d = bits({26, 29});
  Mitigations m = chosen(id);
  CHECK((m.branches == Branches::plain && m.restrict_branches && !m.auto_restrict && m.refill_returns && m.branch_barrier));
  CHECK((!m.clear_buffers && !m.restrict_history));
  id.leaf7_2_d = bits({4});
  CHECK(chosen(id).restrict_history);
}
TEST_CASE("Intel's returns of before eIBRS are kept by IBRS at each entry, if the microcode has it") {
  Identity id = intel(0x5e);
  id.leaf7_d = bits({26});
  const Mitigations m = chosen(id);
  CHECK((m.restrict_on_entry && m.branches == Branches::plain && !m.restrict_branches && m.clear_history));
  CHECK((!chosen(intel(0x5e)).restrict_on_entry && !chosen(intel(0x5e)).clear_history));  // retpolines
  CHECK((!chosen(id, "retbleed=off").restrict_on_entry && chosen(id, "retbleed=off").branches == Branches::retpoline));
  Identity haswell = intel(0x3c);  // no retbleed
  haswell.leaf7_d = bits({26});
  CHECK((!chosen(haswell).restrict_on_entry && chosen(haswell).branches == Branches::retpoline));
}
TEST_CASE("branch history is cleared by hand where eIBRS comes without BHI_DIS_S") {
  Identity id = intel(0x6a);
  id.capabilities = bits({0, 1});
  CHECK((chosen(id).restrict_branches && chosen(id).clear_history && !chosen(id).restrict_history));
  id.leaf7_2_d = bits({4});
  CHECK((!chosen(id).clear_history && chosen(id).restrict_history));
  id.capabilities = bits({0, 1, 20});
  CHECK((!chosen(id).clear_history && !chosen(id).restrict_history));
}
TEST_CASE("AMD's returns cost a barrier at each entry, Zen 1 a division, old ones their FPU pointers") {
  Identity zen1 = amd(0x17, 1);
  CHECK((!chosen(zen1).barrier_on_entry && chosen(zen1).clear_divider && chosen(zen1).clear_fpu_pointers));
  zen1.extended8_b = bits({2, 12});
  CHECK((chosen(zen1).barrier_on_entry && !chosen(zen1).clear_fpu_pointers));
  Identity zen4 = amd(0x19, 0x11);
  zen4.extended8_b = bits({2, 12});
  CHECK(chosen(zen4).barrier_on_entry);
  zen4.extended21_a = bits({6, 29});  // SRSO_NO
  CHECK((!chosen(zen4).barrier_on_entry && !chosen(zen4).clear_divider));
  CHECK(chosen(zen1, "mitigations=off") == Mitigations{});
  CHECK((chosen(zen1, "retbleed=off").barrier_on_entry && !chosen(zen1, "retbleed=off spec_rstack_overflow=off").barrier_on_entry));
}
TEST_CASE("programs may ask for SSBD and STIBP where the processor has them and the bug") {
  Identity id = intel(0x5e);
  CHECK(chosen(id).limits == 0);
  id.leaf7_d = bits({27, 31});
  CHECK((chosen(id).limits == (kSpecStibp | kSpecSsbd) && chosen(id, "mitigations=off").limits == 0));
  id.capabilities = bits({4});  // SSB_NO
  CHECK(chosen(id).limits == kSpecStibp);
  Identity zen = amd(0x17, 0x31);
  zen.extended8_b = bits({15, 24});
  CHECK(chosen(zen).limits == (kSpecStibp | kSpecSsbd));
}
TEST_CASE("AMD's automatic IBRS is used where it is") {
  Identity id = amd(0x19, 0x11);
  id.extended21_a = bits({8});
  id.extended8_b = bits({12});
  const Mitigations m = chosen(id);
  CHECK((m.branches == Branches::plain && m.auto_restrict && !m.restrict_branches && m.branch_barrier && !m.clear_buffers && !m.swapgs_fence));
}
TEST_CASE("the command line switches mitigations, the last word counts") {
  const Identity id = intel(0x5e);
  CHECK(chosen(id, "mitigations=off") == Mitigations{});
  CHECK(chosen(id, "quiet mitigations=off x") == Mitigations{});
  CHECK(chosen(id, "mitigations=off mitigations=auto") == chosen(id));
  CHECK(chosen(id, "xmitigations=off") == chosen(id));
  CHECK(chosen(id, "mitigations=offx") == chosen(id));
  CHECK(chosen(id, "-- mitigations=off") == chosen(id));
  CHECK(chosen(id, "mitigations=auto,nosmt").one_thread);
  CHECK(!chosen(amd(0x19, 1), "mitigations=auto,nosmt").one_thread);
}
TEST_CASE("Meltdown isolates user mode, and pti= has the last word below mitigations=off") {
  const Identity old = intel(0x5e), fixed = amd(0x19, 1);
  CHECK((chosen(old).isolate && !chosen(fixed).isolate && !chosen(old, "mitigations=off").isolate));
  CHECK((!chosen(old, "nopti").isolate && !chosen(old, "pti=off").isolate && chosen(old, "pti=off pti=auto").isolate));
  CHECK((chosen(fixed, "pti=on").isolate && !chosen(fixed, "pti=auto").isolate && !chosen(fixed, "pti=on nopti").isolate));
  CHECK((!chosen(fixed, "pti=on mitigations=off").isolate && !chosen(fixed, "-- pti=on").isolate && chosen(fixed, "mitigations=auto,nosmt pti=on").isolate));
  Mitigations m = chosen(old, "nopti");
  m.isolate = true;
  CHECK(m == chosen(old));
}
TEST_CASE("sites get the code of what was chosen") {
  Mitigations m;
  CHECK(code(kSiteVerw, 7, m) == std::vector<u8>{0x0f, 0x1f, 0x80, 0, 0, 0, 0});
  CHECK(code(kSiteFence, 3, m) == std::vector<u8>{0x0f, 0x1f, 0x00});
  CHECK(code(kSiteBranch, 5, m) == std::vector<u8>{0x41, 0xff, 0xe3, 0xcc, 0xcc});
  std::vector<u8> detour(5, 0x90);
  site_code({0x1000, kDetourTable, 5, 0x900}, m, 0, detour);
  CHECK(detour == std::vector<u8>(5, 0x90));  // the code stays
  site_code({0x1000, kDetourTable, 5, 0x900}, {.isolate = true}, 0, detour);
  CHECK(detour == std::vector<u8>{0xe9, 0xfb, 0xf8, 0xff, 0xff});
  const auto taken = [](u32 kind, const Mitigations& w) {
    u8 at[5] = {};
    site_code({0x1000, kind, 5, 0x900}, w, 0, at);
    return at[0] == 0xe9;
  };
  CHECK((!taken(kDetourEntry, {.isolate = true}) && !taken(kDetourExit, {.barrier_on_entry = true}) && !taken(kDetourTable, {.restrict_on_entry = true})));
  CHECK((taken(kDetourEntry, {.restrict_on_entry = true}) && taken(kDetourExit, {.restrict_on_entry = true}) && taken(kDetourEntry, {.barrier_on_entry = true})));
  CHECK((taken(kDetourHistory, {.clear_history = true}) && taken(kDetourDivide, {.clear_divider = true}) && !taken(kDetourDivide, {.clear_history = true})));
  m = {.branches = Branches::retpoline, .clear_buffers = true, .swapgs_fence = true};
  CHECK(code(kSiteVerw, 7, m) == std::vector<u8>{0x0f, 0x00, 0x2d, 0x00, 0x10, 0, 0});
  CHECK(code(kSiteFence, 3, m) == std::vector<u8>{0x0f, 0xae, 0xe8});
  CHECK(code(kSiteBranch, 5, m) == std::vector<u8>{0xe8, 7, 0, 0, 0});
}
