// SPDX-License-Identifier: MPL-2.0
// A program against glibc: start-up, stdio, malloc, time, locale, directories, and its own use of system calls.
// Covers: mmap openat newfstatat
#include "../conf.h"
#include <dirent.h>
#include <locale.h>
#include <sys/utsname.h>
#include <wchar.h>
static int compare(const void *a, const void *b) { return strcmp(*(char *const *)a, *(char *const *)b); }
static void at_exit(void) { say("atexit ran"); }
static __thread int tls = 17;
static void test(void)
{
    say("glibc %d, tls %d, pid %d", __GLIBC__ >= 2, tls, getpid() > 1);
    atexit(at_exit);
    FILE *f = fopen("text", "w+");
    for (int i = 0; i < 1000; i++)
        fprintf(f, "line %d %s %g\n", i, "text", i / 8.0);
    V(ftell(f)), rewind(f);
    char line[100], *last = 0;
    int n = 0;
    while (fgets(line, sizeof line, f))
        n++, last = line;
    V(n), S(last), V(fseek(f, -5, SEEK_END)), V(fgetc(f)), V(feof(f)), V(fclose(f));
    V(rename("text", "moved")), V(remove("moved")), V(fopen("none", "r") == 0), S(strerror(errno));
    // malloc of all sizes, by threads' arenas and mmap
    char *p[200];
    unsigned long sum = 0;
    for (int i = 0; i < 200; i++)
        p[i] = malloc((size_t)i * i * 17 + 1), memset(p[i], i, (size_t)i * i * 17 + 1);
    for (int i = 0; i < 200; i += 2)
        p[i] = realloc(p[i], (size_t)i * 1000 + 1);
    for (int i = 0; i < 200; i++)
        sum += (unsigned char)p[i][0], free(p[i]);
    V(sum);
    void *huge = malloc(64 << 20);
    OK(huge), free(huge);
    void *al = aligned_alloc(4096, 8192);
    V((uintptr_t)al % 4096), free(al);
    for (char c = 'e'; c >= 'a'; c--)
        fclose(fopen((char[]){c, 0}, "w"));
    DIR *d = opendir(".");
    struct dirent *e;
    char *names[10];
    int k = 0;
    while ((e = readdir(d)) && k < 10)
        if (e->d_name[0] != '.')
            names[k++] = strdup(e->d_name);
    closedir(d), qsort(names, k, sizeof *names, compare);
    for (int i = 0; i < k; i++)
        S(names[i]);
    time_t t = 1000000000;
    struct tm tm;
    gmtime_r(&t, &tm), strftime(line, sizeof line, "%Y-%m-%d %H:%M:%S %a", &tm), S(line), V(timegm(&tm));
    V(setlocale(LC_ALL, "C") != 0), V(mbstowcs(0, "plain", 0)), S(getenv("HOME") ? "home" : "no home"), V(setenv("X", "y", 1)), S(getenv("X"));
    f = popen("echo from a shell; exit 3", "r"), V(fgets(line, sizeof line, f) != 0), S(line), S(status_text(pclose(f)));
    S(status_text(system("exit 4"))), V(sysconf(_SC_PAGESIZE)), V(sysconf(_SC_CLK_TCK)), V(sysconf(_SC_NPROCESSORS_ONLN) > 0), V(sysconf(_SC_PHYS_PAGES) > 0);
    char tmp[] = "tmpXXXXXX";
    OK(mkstemp(tmp)), V(strcmp(tmp, "tmpXXXXXX") != 0);
    char *r = realpath("./a/..//a", 0);
    S(r ? "path" : ename(errno)), r = realpath(".//a", 0), S(r ? strrchr(r, '/') : ename(errno));
    int st;
    pid_t c;
    CHILD(c) { fflush(0), exit(5); }
    waitpid(c, &st, 0), S(status_text(st));
    CHILD(c) { signal(SIGABRT, SIG_DFL), close(2), abort(); }
    waitpid(c, &st, 0), V(WTERMSIG(st) == SIGABRT);
    double x = strtod("3.25e2", 0);
    say("%.2f %a %ld %lu", x, x, strtol("-0x7f", 0, 16), strtoul("777", 0, 8));
}
