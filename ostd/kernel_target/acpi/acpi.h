// SPDX-License-Identifier: MPL-2.0
// What the firmware's ACPI tables say about the machine, decoded once at boot. Everything in them is checked: lengths,
// checksums, ranges; what is wrong is as if it were not there.
#pragma once
#include <acpi/bytes.h>
#include <ostd/cpu.h>

namespace ostd::target {

// A register somewhere [acpi 6.5 5.2.3.2].
struct RegisterAddress {
  enum class Space : u8 { memory = 0, port = 1, none = 255 };
  Space space = Space::none;
  u8 bits = 0;
  u64 address = 0;
  bool present() const { return space != Space::none && address != 0; }
};

struct IoApicInfo { u64 address = 0; u32 first_line = 0; };
struct IsaOverride { u32 line = 0; bool level = false; bool low = false; };
struct PciSegment { u64 address = 0; u16 segment = 0; u8 first_bus = 0, last_bus = 0; };

struct AcpiInfo {
  bool found = false;
  u32 apic_ids[kMaxCpus]{};     // enabled processors in the order of the MADT
  u32 cpus = 0;
  u64 local_apic = 0xfee00000;
  IoApicInfo io_apics[8]{};
  u32 io_apic_count = 0;
  IsaOverride isa[16]{};        // line of each ISA interrupt
  u64 hpet = 0;                 // physical address of its registers; 0: none
  u32 pm_timer_port = 0;
  bool pm_timer_32 = false;
  u32 pm1a_control = 0, pm1b_control = 0;  // ports
  u32 smi_command = 0;
  u8 acpi_enable = 0;
  bool sleep_known = false;     // \_S5 was found
  u8 sleep_type_a = 0, sleep_type_b = 0;
  RegisterAddress sleep_control{}, reset{};
  u8 reset_value = 0;
  PciSegment pci[8]{};
  u32 pci_count = 0;
  Bytes dsdt;                   // its AML
};
extern AcpiInfo acpi;

// Boot CPU, once, when map_device() works.
void read_acpi();

// Decoders, also for tests.
void parse_madt(Bytes table, AcpiInfo& to);
void parse_fadt(Bytes table, AcpiInfo& to);  // without what is in the DSDT
// Finds \_S5 in AML by its bytes: Name(_S5_, Package { a, b, ... }). False: not there.
bool find_s5(Bytes aml, u8& a, u8& b);
// The physical address of the DSDT that a FADT names.
u64 dsdt_of(Bytes fadt);

}  // namespace ostd::target
