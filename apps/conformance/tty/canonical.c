// SPDX-License-Identifier: MPL-2.0
// Canonical mode of a terminal: lines, editing, end of file, echo, and the translations of input and output.
// Covers: ioctl read write
#include "../conf.h"
static int m, s;
static struct termios t;
static void put(const char *text) { write(m, text, strlen(text)); }
static void line(const char *what)
{
    char b[300];
    struct pollfd p = {s, POLLIN, 0};
    if (poll(&p, 1, strcmp(what, "no line yet") ? 3000 : 200) <= 0) {
        say("%s: nothing", what);
        return;
    }
    long n = read(s, b, sizeof b);
    n < 0 ? say("%s: %s", what, ename(errno)) : show_bytes(what, b, n);
}
static void set(void) { R(tcsetattr(s, TCSANOW, &t)); }
static void test(void)
{
    m = pty_open(&s);
    R(tcgetattr(s, &t));
    say("iflag %#o oflag %#o cflag %#o lflag %#o", t.c_iflag, t.c_oflag, t.c_cflag, t.c_lflag);
    for (int i = 0; i < 17; i++)
        say("cc %d: %d", i, t.c_cc[i]);
    put("hello"), line("no line yet"), take("echo", m, 5), put("\n"), line("line"), take("echo", m, 2);
    put("two\nlines\n"), line("first"), line("second"), take("echo", m, 12);
    put("abc\177\177d\n"), line("erase"), take("echo", m, 12);
    put("one two  three\027x\n"), line("word erase"), take("echo", m, 14 + 15 + 3);
    put("gone\025kept\n"), line("kill"), take("echo", m, 4 + 12 + 6);
    put("\177\177x\n"), line("nothing to erase"), take("echo", m, 3);
    put("part\004"), line("VEOF sends what there is"), take("echo", m, 4);
    put("\004"), line("VEOF alone"), put("after\n"), line("goes on"), take("echo", m, 7);
    put("quoted \026\003 \026\177\n"), line("VLNEXT"), take("echo", m, 18);
    put("cr\r"), line("ICRNL"), take("echo", m, 4);
    put("bell\001\033[A\n"), line("control characters"), take("echo", m, 12);
    // A long line is read in pieces; ends at 4095.
    char b[100];
    put("0123456789\n"), R(read(s, b, 4)), B(b, 4), R(read(s, b, 100)), B(b, 7);
    take("echo", m, 12);
    t.c_lflag &= ~ECHO, set();
    char big[6000];
    memset(big, 'x', sizeof big);
    for (int i = 0; i < 5000; i += 500)
        write(m, big, 500);
    put("\n");
    long n, total = 0;
    do
        n = read(s, big, sizeof big), total += n;
    while (n > 0 && big[n - 1] != '\n');
    V(total);
    // Without echo; ECHONL; without ECHOE and ECHOCTL
    put("secret\n"), line("no echo"), take("echo", m, 0);
    t.c_lflag |= ECHONL, set(), put("x\n"), line("ECHONL"), take("echo", m, 2);
    t.c_lflag |= ECHO, t.c_lflag &= ~(ECHOE | ECHOCTL | ECHOKE), set();
    put("ab\177\001\n"), line("plain erase"), take("echo", m, 6);
    // Input translations
    t.c_iflag = IGNCR, t.c_lflag &= ~ECHO, t.c_lflag &= ~ECHONL, set(), put("a\rb\n"), line("IGNCR");
    t.c_iflag = INLCR, set(), put("a\nb\004"), line("INLCR");
    t.c_iflag = ISTRIP, set(), put("\341\n"), line("ISTRIP");
    t.c_iflag = IUCLC, t.c_lflag |= IEXTEN, set(), put("ABC\n"), line("IUCLC");
    t.c_iflag = 0, set(), put("a\rb\n"), line("none");
    t.c_cc[VEOL] = ';', set(), put("a;b\n"), line("VEOL"), line("rest");
    // Output translations
    write(s, "a\nb\tc\r\n", 7), take("ONLCR", m, 9);
    t.c_oflag = 0, set(), write(s, "a\nb", 3), take("no OPOST", m, 3);
    t.c_oflag = OPOST | OCRNL, set(), write(s, "a\rb", 3), take("OCRNL", m, 3);
    t.c_oflag = OPOST | OLCUC, set(), write(s, "abc", 3), take("OLCUC", m, 3);
    t.c_oflag = OPOST | XTABS, set(), write(s, "a\tb\t", 4), take("XTABS", m, 11);
    t.c_oflag = OPOST | ONLRET | ONOCR, set(), write(s, "\rx\r", 3), take("ONOCR", m, 3);
}
