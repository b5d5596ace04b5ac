#include "mic_isolated.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

/* Keeps what follows aligned for every type of number. */
enum { header_bytes = (sizeof(mic_isolated_header) + 63) / 64 * 64 };

static const rlim_t extra_memory = (rlim_t)4 << 30;

/* Pages of address space in use; 0 where the system does not tell. */
static unsigned long pages_in_use(void) {
    unsigned long pages = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    if (!file)
        return 0;
    if (fscanf(file, "%lu", &pages) != 1)
        pages = 0;
    fclose(file);
    return pages;
}

static void limit(int resource, rlim_t value) {
    struct rlimit limits;
    if (getrlimit(resource, &limits) != 0)
        return;
    if (limits.rlim_max == RLIM_INFINITY || value < limits.rlim_max)
        limits.rlim_cur = limits.rlim_max = value;
    setrlimit(resource, &limits);
}

static void confine(unsigned seconds, unsigned long pages) {
    const int fatal[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTRAP, SIGXCPU, SIGALRM};
    for (size_t index = 0; index < sizeof fatal / sizeof *fatal; index++)
        signal(fatal[index], SIG_DFL); /* no handler of this process writes a report */
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    limit(RLIMIT_CORE, 0);
    limit(RLIMIT_CPU, seconds);
    alarm(4 * seconds); /* waiting takes no processor time */
    if (pages > 0)
        limit(RLIMIT_AS, (rlim_t)pages * (rlim_t)sysconf(_SC_PAGESIZE) + extra_memory);
    int nowhere = open("/dev/null", O_WRONLY);
    if (nowhere >= 0)
        dup2(nowhere, STDERR_FILENO);
}

static const char *reason_of_death(int status) {
    int signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
    int is_late = signal == SIGALRM || signal == SIGXCPU || signal == SIGKILL;
    return is_late ? "the library that reads it finds no end, or runs out of memory"
                   : "the library that reads it fails on this file";
}

mic_isolated_header *mic_isolated_run(size_t payload, unsigned seconds,
                                      void (*body)(mic_isolated_header *header, void *payload,
                                                   void *argument),
                                      void *argument) {
    mic_isolated_header *header = mmap(NULL, header_bytes + payload, PROT_READ | PROT_WRITE,
                                       MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (header == MAP_FAILED)
        return NULL;
    unsigned long pages = pages_in_use();
    pid_t child = fork();
    if (child == 0) {
        confine(seconds, pages);
        body(header, mic_isolated_payload(header), argument);
        header->is_done = 1;
        _exit(0);
    }
    int status = 0;
    if (child > 0)
        while (waitpid(child, &status, 0) < 0 && errno == EINTR)
            ;
    if (child < 0 || !header->is_done) {
        header->result = -1;
        snprintf(header->message, sizeof header->message, "%s",
                 child < 0 ? strerror(errno) : reason_of_death(status));
    }
    header->message[sizeof header->message - 1] = 0;
    return header;
}

void *mic_isolated_payload(mic_isolated_header *header) { return (char *)header + header_bytes; }

void mic_isolated_release(mic_isolated_header *header, size_t payload) {
    munmap(header, header_bytes + payload);
}
