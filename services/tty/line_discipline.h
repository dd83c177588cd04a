// SPDX-License-Identifier: MPL-2.0
// The line discipline N_TTY [termios(3)]: pure state, no locks, no waiting. Input bytes become lines or raw bytes, echo and
// signals; output bytes are processed for the device.
#pragma once
#include <base/vec.h>
#include <services/tty/termios.h>

namespace svc::tty {

class LineDiscipline {
 public:
  // What a piece of input leads to, besides what can be read: bytes for the device and signals for the foreground group.
  struct Effects {
    Vec<u8> echo{};
    Vec<u32> signals{};
    bool readable = false;
    bool flow_changed = false;
  };
  Termios termios = default_termios();
  bool stopped = false;                      // by XOFF (or TCXONC)

  // Takes bytes as long as there is room; returns how many. The rest has to come again when something was read.
  usize input(std::span<const u8> bytes, Effects& effects);
  // Output processing: appends what the device gets.
  void output(std::span<const u8> bytes, Vec<u8>& to);
  // Canonical: a whole line (or an end of file) is there. Raw: at least `min` bytes.
  bool can_read(usize min) const;
  // Takes up to n bytes: in canonical mode at most one line.
  struct Taken {
    Vec<u8> bytes{};
    bool line_ended = false;  // canonical: the whole rest of a line
    bool eof = false;         // an end of file, and no bytes before it
  };
  Taken take(usize n);
  usize available() const;
  void flush_input();
  // Settings change: what was typed so far becomes readable when canonical mode is left.
  void set(const Termios& t);

 private:
  static constexpr usize kMost = 4095;       // N_TTY_BUF_SIZE without the place kept for the end of a line
  bool flag(u32 bit) const { return (termios.lflag & bit) != 0; }
  u8 cc(Cc c) const { return termios.cc[static_cast<usize>(c)]; }
  bool is(u8 byte, Cc c) const { return cc(c) != 0 && byte == cc(c); }
  bool canonical() const { return flag(local::icanon); }
  usize held() const { return ready_.size() - first_ + line_.size(); }
  // An overlong line goes on being edited: each new byte takes the place of the last one.
  bool accepts() const { return held() < kMost || (canonical() && ends_.empty()); }
  void add_to_line(u8 byte);
  void one(u8 byte, Effects& e);
  bool signal(u8 byte, Effects& e);
  bool edit(u8 byte, Effects& e);
  void accept(u8 byte, Effects& e);
  void end_line(Effects& e);
  void echo(u8 byte, Effects& e);
  void echo_erase(u8 byte, Effects& e);
  void erase_one(Effects& e);
  void out(u8 byte, Vec<u8>& to);
  static usize width(u8 byte, bool control_shown) { return byte >= 32 && byte != 127 ? 1 : control_shown ? 2 : 0; }

  Vec<u8> line_{};                           // canonical: the line being edited
  Vec<u8> ready_{};                          // readable bytes from first_ on
  usize first_ = 0;
  Vec<usize> ends_{};                        // canonical: where complete lines end in ready_ (absolute count); an end of file has marks_ 1
  Vec<u8> eofs_{};
  u64 base_ = 0;                             // absolute position of ready_[0]
  bool literal_ = false;                     // after LNEXT
  usize column_ = 0;
};

}  // namespace svc::tty
