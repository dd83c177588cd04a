// SPDX-License-Identifier: MPL-2.0
// capget, capset and prctl: what root has, what goes with setuid, what stays with keep-caps, the bounding set.
// Covers: capget capset prctl
#include "../conf.h"
#include <sys/prctl.h>
struct hdr { uint32_t version; int pid; };
struct data { uint32_t eff, perm, inh; };
static void show(const char *what)
{
    struct hdr h = {0x20080522, 0};
    struct data d[2];
    if (SC(capget, &h, d))
        say("%s: %s", what, ename(errno));
    else
        say("%s: chown %d kill %d setuid %d sys_admin %d of effective, %d of permitted", what, d[0].eff & 1, d[0].eff >> 5 & 1, d[0].eff >> 7 & 1,
            d[0].eff >> 21 & 1, d[0].perm >> 21 & 1);
}
static void test(void)
{
    struct hdr h = {0x20080522, 0};
    struct data d[2];
    pid_t c;
    show("root");
    h.version = 1, R(SC(capget, &h, d)), X(h.version); // the preferred one is told
    h.version = 1, R(SC(capget, &h, 0));
    h.version = 0x20080522, h.pid = -1, R(SC(capget, &h, d)), h.pid = 1 << 22, R(SC(capget, &h, d)), h.pid = 0, R(SC(capget, BAD, d)), R(SC(capget, &h, BAD));
    CHILD(c) { setresuid(0, 1000, 0), show("effective user"); setresuid(0, 0, 0), show("back"); }
    reap("temporary", c);
    CHILD(c) { setuid(1000), show("after setuid"); SC(capget, &h, d), d[0].perm |= 1, R(SC(capset, &h, d)); }
    reap("for good", c);
    CHILD(c) {
        R(prctl(PR_SET_KEEPCAPS, 1)), R(prctl(PR_GET_KEEPCAPS));
        setuid(1000), show("kept");
        SC(capget, &h, d), d[0].eff = d[0].perm, R(SC(capset, &h, d)), show("raised");
        put_file("f", "", 0644), R(chown("f", 3, 3));
        d[0].eff = d[0].perm = 1, d[0].inh = d[1].eff = d[1].perm = d[1].inh = 0, R(SC(capset, &h, d)), show("all but one dropped");
        d[0].perm = 3, R(SC(capset, &h, d));
        R(chown("f", 4, 4)), R(setuid(0));
    }
    reap("keep caps", c);
    CHILD(c) {
        SC(capget, &h, d);
        d[0].eff &= ~(1u << 1 | 1u << 2), R(SC(capset, &h, d)); // CAP_DAC_OVERRIDE and CAP_DAC_READ_SEARCH
        put_file("secret", "x", 0), R(open("secret", O_RDONLY));
        d[0].eff = d[0].perm, SC(capset, &h, d), OK(open("secret", O_RDONLY));
        R(SC(capset, &h, BAD)), h.pid = 1, R(SC(capset, &h, d)), h.pid = 0;
        d[0].eff |= 1, d[0].perm &= ~1u, R(SC(capset, &h, d)); // effective beyond permitted
    }
    reap("without DAC", c);
    R(prctl(PR_CAPBSET_READ, 0)), R(prctl(PR_CAPBSET_READ, 63)), R(prctl(PR_CAPBSET_DROP, 99));
    CHILD(c) { R(prctl(PR_CAPBSET_DROP, 0)), R(prctl(PR_CAPBSET_READ, 0)); }
    reap("bounding set", c);
    R(prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0)), R(prctl(PR_SET_NO_NEW_PRIVS, 0, 0, 0, 0)), R(prctl(PR_SET_NO_NEW_PRIVS, 1, 1, 0, 0));
    R(prctl(PR_GET_SECUREBITS)), R(prctl(PR_SET_KEEPCAPS, 2));
}
