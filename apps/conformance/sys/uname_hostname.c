// SPDX-License-Identifier: MPL-2.0
// uname, sethostname, setdomainname: contents, lengths, rights, errors in order.
// Covers: uname sethostname setdomainname
#include "../conf.h"
#include <sys/utsname.h>
static void user(void)
{
    R(SC(sethostname, "x", 1)), R(SC(sethostname, BAD, 1)), R(SC(sethostname, "x", -1)), R(SC(setdomainname, "x", 1));
}
static void test(void)
{
    struct utsname u, old;
    R(SC(uname, &old)), R(SC(uname, BAD));
    say("%s on %s", old.sysname, old.machine);
    int a = 0, b = 0;
    int numbers = sscanf(old.release, "%d.%d", &a, &b);
    say("release begins with two numbers %d and is 5.4 or later %d", numbers, a > 5 || (a == 5 && b >= 4));
    say("version begins with # %d, nodename %d", old.version[0] == '#', old.nodename[0] != 0);
    R(SC(sethostname, "conformance", 11)), SC(uname, &u), S(u.nodename);
    char h[100];
    R(gethostname(h, sizeof h)), S(h);
    R(SC(sethostname, "ab\0cd", 5)), SC(uname, &u), S(u.nodename);
    R(SC(sethostname, "", 0)), SC(uname, &u), S(u.nodename);
    char longname[70];
    memset(longname, 'n', 70);
    R(SC(sethostname, longname, 64)), SC(uname, &u), V(strlen(u.nodename)), R(SC(sethostname, longname, 65)), R(SC(sethostname, "x", -1)), R(SC(sethostname, BAD, 5));
    SC(uname, &u), V(strlen(u.nodename));
    R(SC(setdomainname, "domain", 6)), SC(uname, &u), S(u.domainname), R(SC(setdomainname, longname, 65)), R(SC(setdomainname, BAD, 3));
    SC(setdomainname, old.domainname, strlen(old.domainname)), R(SC(sethostname, old.nodename, strlen(old.nodename)));
    get_file("/proc/sys/kernel/hostname", h, sizeof h), h[strcspn(h, "\n")] = 0, V(!strcmp(h, old.nodename));
    as_user(1000, user);
}
