// SPDX-License-Identifier: MPL-2.0
// The first process: makes the machine usable, runs one command (or an interactive shell), reaps orphans, and ends the
// machine with the command's exit status.
//
// The command is what follows `--` on the kernel command line. `--encoded N` before it means that N percent-encoded words
// follow, because a command line has no way to write a double quote. Before it may stand, each with one percent-encoded word,
// --env NAME=VALUE, --workdir PATH and --user USER[:GROUP], which hold for the command (or shell). Signals end with 128 + their
// number, as in a shell.
//
// In a root file system that is not ours we are /.albireo/init: that folder is removed, after the extended attributes
// which a cpio archive cannot carry were set from its file `xattrs`.
//
// Ending: on Albireo process 1 exits and its status is the machine's. Linux cannot pass a status on, so with
// `albireo.exit=marker` on the command line it is printed as "\x1eALBIREO-EXIT:n\x1e" before powering off.
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <termios.h>
#include <unistd.h>

static int exit_by_marker;
static int foreign_root;         // not BusyBox and our init in /init
static const char *workdir, *user;
static char *variables[256];
static int variable_count;

static void try_mount(const char *what, const char *where, const char *type, unsigned long flags, const char *options) {
    mkdir(where, 0755);
    // EBUSY: the kernel has mounted it itself.
    if (mount(what, where, type, flags, options) != 0 && errno != EBUSY)
        fprintf(stderr, "init: mount %s: %s\n", where, strerror(errno));
}

static void finish(int status) {
    fflush(NULL);
    if (exit_by_marker) {
        printf("\n\x1e" "ALBIREO-EXIT:%d\x1e\n", status);
        fflush(stdout);
        tcdrain(1);
        sync();
        reboot(RB_POWER_OFF);
    }
    _exit(status);
}

static int command_line_has(const char *word) {
    char text[4096];
    int fd = open("/proc/cmdline", O_RDONLY | O_CLOEXEC);
    if (fd < 0) return 0;
    ssize_t n = read(fd, text, sizeof text - 1);
    close(fd);
    if (n <= 0) return 0;
    text[n] = 0;
    char *save;
    for (char *w = strtok_r(text, " \n", &save); w && strcmp(w, "--") != 0; w = strtok_r(NULL, " \n", &save))
        if (strcmp(w, word) == 0) return 1;
    return 0;
}

static void decode(char *word) {
    char *to = word;
    for (char *from = word; *from; from++) {
        if (from[0] == '%' && !from[1]) break;  // "%" alone stands for an empty word
        if (from[0] == '%' && from[2]) {
            char hex[3] = {from[1], from[2], 0};
            *to++ = (char)strtol(hex, NULL, 16);
            from += 2;
        } else {
            *to++ = *from;
        }
    }
    *to = 0;
}

static int use_as_terminal(const char *path) {
    int fd = open(path, O_RDWR | O_NOCTTY);
    if (fd < 0) return 0;  // keep what the kernel gave us
    for (int i = 0; i < 3; i++) dup2(fd, i);
    if (fd > 2) close(fd);
    ioctl(0, TIOCSCTTY, 1);
    return tcgetpgrp(0) >= 0;
}

// Process 1 leads the session that owns the terminal and not the command: the end of a session's leader hangs the
// terminal up, which would throw away output that has not left the machine.
static void own_terminal(void) {
    setsid();
    if (use_as_terminal("/dev/console")) return;
    // Linux's /dev/console cannot be a controlling terminal: take the device behind it.
    char name[64] = "/dev/";
    int active = open("/sys/class/tty/console/active", O_RDONLY | O_CLOEXEC);
    ssize_t n = active < 0 ? -1 : read(active, name + 5, sizeof name - 6);
    if (active >= 0) close(active);
    if (n <= 0) return;
    name[5 + n] = 0;
    name[strcspn(name, "\n")] = 0;
    use_as_terminal(name);
}

// A serial line does not know the size of the terminal behind it; whoever started the machine may have said it.
static void set_terminal_size(void) {
    const char *rows = getenv("LINES"), *columns = getenv("COLUMNS");
    struct winsize size;
    if (rows && columns && atoi(rows) > 0 && atoi(columns) > 0 && ioctl(0, TIOCGWINSZ, &size) == 0 && size.ws_row == 0) {
        size.ws_row = (unsigned short)atoi(rows);
        size.ws_col = (unsigned short)atoi(columns);
        ioctl(0, TIOCSWINSZ, &size);
    }
    unsetenv("LINES");
    unsetenv("COLUMNS");
}

// What a cpio archive cannot carry: records of three lengths, the path, the name and the value.
static void set_attributes(const char *list) {
    FILE *file = fopen(list, "re");
    if (!file) return;
    struct { uint16_t path, name; uint32_t value; } head;
    static char path[65536], name[65536], value[65536];
    while (fread(&head, sizeof head, 1, file) == 1 && head.value <= sizeof value) {
        if (fread(path, head.path, 1, file) != 1 || fread(name, head.name, 1, file) != 1) break;
        if (head.value && fread(value, head.value, 1, file) != 1) break;
        if (lsetxattr(path, name, value, head.value, 0) != 0 && errno != ENOSYS && errno != EOPNOTSUPP)
            fprintf(stderr, "init: %s: attribute %s: %s\n", path, name, strerror(errno));
    }
    fclose(file);
}

static void settle_in(void) {
    foreign_root = access("/.albireo/init", F_OK) == 0;
    if (!foreign_root) return;
    set_attributes("/.albireo/xattrs");
    unlink("/.albireo/xattrs");
    unlink("/.albireo/init");
    rmdir("/.albireo");
    try_mount("tmpfs", "/run", "tmpfs", MS_NOSUID | MS_NODEV, "mode=0755");
    mkdir("/run/lock", 01777);
    chmod("/run/lock", 01777);
}

static void fail(const char *what, const char *name, int error) {
    fprintf(stderr, "init: --%s %s: %s\n", what, name, error ? strerror(error) : "there is no such name in the guest");
    _exit(126);
}

static int is_number(const char *text, unsigned *value) {
    char *end;
    unsigned long n = strtoul(text, &end, 10);
    *value = (unsigned)n;
    return *text && !*end && n < UINT32_MAX;
}

// The C library's own searches ask a name service by a socket, too.
static struct passwd *find_user(const char *name, unsigned id, int by_id) {
    FILE *file = fopen("/etc/passwd", "re");
    struct passwd *entry = NULL;
    while (file && (entry = fgetpwent(file)) != NULL)
        if (by_id ? entry->pw_uid == id : strcmp(entry->pw_name, name) == 0) break;
    return entry;
}

static int find_group(const char *name, gid_t *id) {
    FILE *file = fopen("/etc/group", "re");
    struct group *entry;
    while (file && (entry = fgetgrent(file)) != NULL)
        if (strcmp(entry->gr_name, name) == 0) return *id = entry->gr_gid, 1;
    return 0;
}

// The group and all that list the user, at most `most`.
static size_t groups_of(const char *name, gid_t first, gid_t *groups, size_t most) {
    FILE *file = fopen("/etc/group", "re");
    struct group *entry;
    size_t count = 0;
    groups[count++] = first;
    while (file && count < most && (entry = fgetgrent(file)) != NULL)
        for (char **member = entry->gr_mem; *member; member++)
            if (strcmp(*member, name) == 0 && entry->gr_gid != first) groups[count++] = entry->gr_gid;
    if (file) fclose(file);
    return count;
}

// Becomes the user and goes to the folder that were asked for.
static void become(void) {
    const char *home = NULL;
    if (user) {
        static char name[256];
        static gid_t groups[64];
        snprintf(name, sizeof name, "%s", user);
        char *group = strchr(name, ':');
        if (group) *group++ = 0;
        unsigned uid = 0;
        int by_id = is_number(name, &uid);
        struct passwd *entry = find_user(name, uid, by_id);
        if (!entry && !by_id) fail("user", user, 0);
        if (entry) uid = entry->pw_uid;
        gid_t gid = entry ? entry->pw_gid : uid;
        if (group && !is_number(group, &gid) && !find_group(group, &gid)) fail("user", user, 0);
        size_t count = 1;
        groups[0] = gid;
        if (entry && !group) count = groups_of(entry->pw_name, gid, groups, sizeof groups / sizeof *groups);
        fchown(0, uid, -1);  // the terminal
        if (setgroups(count, groups) != 0 || setgid(gid) != 0 || setuid(uid) != 0) fail("user", user, errno);
        if (entry) {
            setenv("USER", entry->pw_name, 1);
            setenv("LOGNAME", entry->pw_name, 1);
            setenv("SHELL", entry->pw_shell, 1);
            home = entry->pw_dir;
        }
        setenv("HOME", home ? home : "/", 1);
    }
    for (int i = 0; i < variable_count; i++) putenv(variables[i]);
    if (!workdir && home) chdir(home);
    if (workdir && chdir(workdir) != 0) fail("workdir", workdir, errno);
}

static pid_t start(char **argv) {
    pid_t pid = fork();
    if (pid != 0) return pid;
    setpgid(0, 0);
    sigset_t output;  // a background group that takes the terminal is stopped unless it blocks this
    sigemptyset(&output);
    sigaddset(&output, SIGTTOU);
    sigprocmask(SIG_BLOCK, &output, NULL);
    tcsetpgrp(0, getpid());
    sigprocmask(SIG_UNBLOCK, &output, NULL);
    become();
    execvp(argv[0], argv);
    int error = errno;
    fprintf(stderr, "init: %s: %s\n", argv[0], strerror(error));
    _exit(error == ENOENT ? 127 : 126);
}

// Takes our options and returns the command. A kernel may put words it does not know before or behind ours.
static char **argument_words(int argc, char **argv) {
    int options = 0;
    for (int i = 1; i + 1 < argc; i++) {
        if (strcmp(argv[i], "--encoded") == 0) {
            char **command = argv + i + 2;
            int count = atoi(argv[i + 1]);
            if (count < argc - i - 2) command[count] = NULL;
            for (char **word = command; *word; word++) decode(*word);
            return command;
        }
        if (strcmp(argv[i], "--env") != 0 && strcmp(argv[i], "--workdir") != 0 && strcmp(argv[i], "--user") != 0) continue;
        options = 1;
        char *value = argv[i + 1];
        decode(value);
        if (argv[i][2] == 'e') {
            if (variable_count < (int)(sizeof variables / sizeof *variables)) variables[variable_count++] = value;
        } else {
            *(argv[i][2] == 'w' ? &workdir : &user) = value;
        }
        i++;
    }
    return options ? argv + argc : argv + 1;
}

int main(int argc, char **argv) {
    umask(022);
    settle_in();
    try_mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, "");
    try_mount("devtmpfs", "/dev", "devtmpfs", MS_NOSUID, "mode=0755");
    try_mount("devpts", "/dev/pts", "devpts", MS_NOSUID | MS_NOEXEC, "gid=5,mode=620,ptmxmode=666");
    if (foreign_root) try_mount("tmpfs", "/dev/shm", "tmpfs", MS_NOSUID | MS_NODEV, "mode=1777");
    try_mount("tmpfs", "/tmp", "tmpfs", MS_NOSUID | MS_NODEV, "mode=1777");
    exit_by_marker = command_line_has("albireo.exit=marker");
    try_mount("sysfs", "/sys", "sysfs", MS_NOSUID | MS_NODEV | MS_NOEXEC, "");
    own_terminal();
    set_terminal_size();
    symlink("/proc/self/fd", "/dev/fd");
    symlink("/proc/self/fd/0", "/dev/stdin");
    symlink("/proc/self/fd/1", "/dev/stdout");
    symlink("/proc/self/fd/2", "/dev/stderr");
    sethostname("albireo", 7);
    setenv("HOME", "/", 0);
    setenv("TERM", "linux", 0);
    setenv("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", 1);
    chdir("/");

    char **command = argument_words(argc, argv);
    static char *shell[] = {"/bin/sh", "-l", NULL};
    if (foreign_root && access("/bin/bash", X_OK) == 0) shell[0] = "/bin/bash";
    if (!*command) command = shell;

    pid_t main_child = start(command);
    if (main_child < 0) {
        perror("init: fork");
        finish(126);
    }
    for (;;) {
        int status;
        pid_t pid = waitpid(-1, &status, 0);
        if (pid == main_child && WIFEXITED(status)) finish(WEXITSTATUS(status));
        if (pid == main_child && WIFSIGNALED(status)) finish(128 + WTERMSIG(status));
        if (pid < 0 && errno == ECHILD) finish(126);
    }
}
