/* How long libtorch's idle threads spin before they sleep.
 *
 * By default GNU OpenMP spins for about a millisecond. If other programs keep the machine busy,
 * that takes the processor from the thread that has work. The count below costs nothing on a quiet
 * machine; docs/performance.md has the figures.
 *
 * OpenMP reads the setting from the environment when it is loaded, before main. Only functions in
 * .preinit_array run earlier. They cannot call setenv: the C library takes over the array
 * `environment` afterwards, and that one has no room. So the setting stands in for a variable that
 * no library reads while it is loaded, until all of them are loaded.
 */
#include <features.h>

#ifdef __GLIBC__

#include <stddef.h>
#include <string.h>

extern char **environ;

static char setting[] = "GOMP_SPINCOUNT=10000";
static char *replaced;

static int is_variable(const char *entry, const char *name) {
    const size_t length = strlen(name);
    return strncmp(entry, name, length) == 0 && entry[length] == '=';
}

static char **find(char **environment, const char *name) {
    for (char **entry = environment; *entry; ++entry) {
        if (is_variable(*entry, name)) {
            return entry;
        }
    }
    return NULL;
}

static void put_setting(int count, char **arguments, char **environment) {
    static const char *const unread[] = {
        "_", "OLDPWD", "SHLVL", "HOSTNAME", "LOGNAME", "USER", "TERM", "PWD",
    };
    (void)count;
    (void)arguments;
    if (find(environment, "GOMP_SPINCOUNT") || find(environment, "OMP_WAIT_POLICY")) {
        return; /* the user has chosen */
    }
    for (size_t index = 0; index < sizeof unread / sizeof unread[0]; ++index) {
        char **entry = find(environment, unread[index]);
        if (entry) {
            replaced = *entry;
            *entry = setting;
            return;
        }
    }
}

typedef void (*start_function)(int, char **, char **);

__attribute__((section(".preinit_array"), used)) static const start_function at_start = put_setting;

/* Constructors of a program run after those of its libraries. */
__attribute__((constructor)) static void restore_environment(void) {
    for (char **entry = environ; replaced && entry && *entry; ++entry) {
        if (*entry == setting) {
            *entry = replaced;
        }
    }
}

#endif
