#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif

#include "CTorch.h"

#include <dlfcn.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#ifdef __APPLE__
#include <mach-o/dyld.h>
#define LIBRARY_NAME "libMicroSAMTorch.dylib"
#define SEARCH_VARIABLE "DYLD_LIBRARY_PATH"
#else
#define LIBRARY_NAME "libMicroSAMTorch.so"
#define SEARCH_VARIABLE "LD_LIBRARY_PATH"
#endif

const ms_functions *ms_library_functions;

static pthread_once_t opened = PTHREAD_ONCE_INIT;
static char problem[3 * PATH_MAX];

#define REINSTALL "Install the program again, or build it again with all its parts"

/// The file beside the program, links followed; false if the system does not say where the program is.
static bool find_library(char path[PATH_MAX]) {
#ifdef __APPLE__
    char program[PATH_MAX];
    uint32_t size = sizeof program;
    if (_NSGetExecutablePath(program, &size) != 0 || !realpath(program, path)) { return false; }
#else
    const ssize_t count = readlink("/proc/self/exe", path, PATH_MAX - 1);
    if (count < 0) { return false; }
    path[count] = '\0';
#endif
    char *slash = strrchr(path, '/');
    if (!slash || (size_t)(slash + 1 - path) + sizeof LIBRARY_NAME > PATH_MAX) { return false; }
    strcpy(slash + 1, LIBRARY_NAME);
    return true;
}

/// The functions in a file, or null, and then `problem` says why.
static const ms_functions *functions_in(const char *path) {
    if (access(path, F_OK) != 0) {
        snprintf(problem, sizeof problem,
                 "%s is missing: the part of the program that runs networks. " REINSTALL, path);
        return NULL;
    }
    // Global, because a libtorch for CUDA finds parts of libtorch that way. Lazy, because libtorch has a hundred
    // thousand references of its own; those of this library are resolved at once, as it is linked with -z now.
    void *library = dlopen(path, RTLD_LAZY | RTLD_GLOBAL);
    if (!library) {
        const char *reason = dlerror();
        snprintf(problem, sizeof problem,
                 "%s, the part of the program that runs networks, cannot be opened: %s. libtorch must be "
                 "where it was when the program was built, or in a folder of " SEARCH_VARIABLE,
                 path, reason ? reason : "no reason given");
        return NULL;
    }
    const ms_functions *(*entry)(void) = (const ms_functions *(*)(void))dlsym(library, MS_LIBRARY_ENTRY);
    const ms_functions *functions = entry ? entry() : NULL;
    if (!functions || functions->interface != MS_INTERFACE) {
        snprintf(problem, sizeof problem,
                 "%s, the part of the program that runs networks, is from another version of the program. " REINSTALL,
                 path);
        return NULL;
    }
    return functions;
}

static void open_library(void) {
    if (ms_library_functions) { return; }
    char path[PATH_MAX];
    if (!find_library(path)) {
        snprintf(problem, sizeof problem,
                 LIBRARY_NAME " cannot be found: the system does not say where the program is");
        return;
    }
    __atomic_store_n(&ms_library_functions, functions_in(path), __ATOMIC_RELEASE);
}

const ms_functions *ms_library_open(void) {
    pthread_once(&opened, open_library);
    return __atomic_load_n(&ms_library_functions, __ATOMIC_ACQUIRE);
}

ms_status ms_library_load(void) { return ms_library() ? MS_OK : MS_UNAVAILABLE; }

void ms_library_register(const ms_functions *functions) {
    if (!ms_library_functions) {
        __atomic_store_n(&ms_library_functions, functions, __ATOMIC_RELEASE);
    }
}

const char *ms_library_problem(void) { return problem; }

void ms_perform_in_turn(int64_t count, void *context, void (*body)(void *context, int64_t index)) {
    for (int64_t index = 0; index < count; ++index) {
        body(context, index);
    }
}
