// SPDX-License-Identifier: MPL-2.0
// BusyBox ash with job control on a terminal: jobs, stop, bg, fg, statuses; ^C and ^Z typed at it; an interactive shell.
#include "../conf.h"
static int m, s;
// A shell runs the script on the terminal; what comes out is printed. When it prints "TYPE x", x is typed.
static void run(const char *what, const char *script)
{
    char out[8192], path[] = "script";
    int n = 0, shown = 0, st;
    m = pty_open(&s);
    struct termios t;
    tcgetattr(s, &t), t.c_oflag &= ~OPOST, t.c_lflag &= ~ECHO, tcsetattr(s, TCSANOW, &t);
    put_file(path, script, 0644);
    pid_t c = fork();
    if (c == 0) {
        setsid(), ioctl(s, TIOCSCTTY, 0), dup2(s, 0), dup2(s, 1), dup2(s, 2);
        for (int i = 3; i < 20; i++)
            close(i);
        execle("/bin/sh", "sh", path, (char *)0, (char *[]){"PATH=/bin:/usr/bin:/sbin:/usr/sbin", "TERM=dumb", 0});
        _exit(127);
    }
    close(s);
    say("%s", what);
    struct pollfd p = {m, POLLIN, 0};
    while (poll(&p, 1, 20000) > 0) {
        long r = read(m, out + n, sizeof out - 1 - n);
        if (r <= 0)
            break;
        n += r, out[n] = 0;
        for (char *e; (e = strchr(out + shown, '\n')); shown = e + 1 - out) {
            *e = 0;
            char *l = out + shown, *end = e;
            while (end > l && end[-1] == ' ')
                *--end = 0;
            say("  %s", l);
            if (!strncmp(l, "TYPE ", 5))
                nap(200), write(m, &(char){l[5] - 64}, 1);
        }
    }
    if (shown < n)
        say("  %s", out + shown);
    waitpid(c, &st, 0), say("%s: %s", what, status_text(st));
    close(m);
}
static void test(void)
{
    run("background", "set -m\nsleep 100 &\njobs\nkill %1; wait %1 2>/dev/null\necho status $?\nsleep 100 &\nsleep 200 &\njobs\nkill %2; wait %2 2>/dev/null\necho status $?\nkill %sleep; wait %sleep 2>/dev/null\njobs\n"
        "ps -o pid,pgid,args | grep 'sleep [1]' ; (sleep 1; exit 3) & wait %1; echo status $?\n");
    run("stop and continue", "set -m\nsh -c 'kill -STOP $$; echo continued; exit 6'\necho status $?\njobs\nfg\necho status $?\nsh -c 'kill -STOP $$; sleep 1; exit 7' &\n"
        "while ! jobs | grep -q Stopped; do usleep 10000; done\njobs\nbg %1\nwait %1\necho status $?\n");
    run("typed", "set -m\ntrap 'echo shell got INT' INT\necho TYPE C\nsleep 100\necho status $?\necho TYPE Z\nsleep 100\necho status $?\njobs\nkill %1; wait %1 2>/dev/null\necho TYPE '\\'\nsleep 100 2>/dev/null\necho status $?\n"
        "sh -c 'trap \"echo child got INT; exit 9\" INT; echo TYPE C; while :; do usleep 10000; done'\necho status $?\n");
    run("groups", "set -m\nsleep 100 | sleep 200 | sleep 300 &\nawk '{print ($5 == '$(jobs -p)')}' /proc/$!/stat\n[ $(cut -d ' ' -f 5 /proc/$$/stat) = $(cut -d ' ' -f 8 /proc/$$/stat) ] && echo foreground is the shell\n"
        "sh -c '[ $(cut -d \" \" -f 5 /proc/$$/stat) = $(cut -d \" \" -f 8 /proc/$$/stat) ] && echo foreground is the job'\nkill %1; wait %1 2>/dev/null\ncat &\nwhile ! jobs | grep -q Stopped; do usleep 10000; done\njobs\np=$(jobs -p)\nkill -9 %1\nwhile [ -e /proc/$p ]; do usleep 10000; done\nwait %1 2>/dev/null\n");
    run("tostop", "set -m\nstty tostop\necho from a job &\nwhile ! jobs | grep -q Stopped; do usleep 10000; done\nstty -tostop\nfg\ntty | sed 's/[0-9]/N/'\n");
    run("no job control", "sleep 100 &\n[ $(cut -d ' ' -f 5 /proc/$!/stat) = $$ ] && echo same group\nkill $!\nwait $! 2>/dev/null\necho status $?\ntrap 'echo INT' INT\necho TYPE C\nsleep 1\necho status $?\n");
}
