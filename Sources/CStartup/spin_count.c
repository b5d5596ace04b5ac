/* How long libtorch's idle threads spin before they sleep.
 *
 * By default GNU OpenMP spins for about a millisecond. If other programs keep the machine busy,
 * that takes the processor from the thread that has work. The count below costs nothing on a quiet
 * machine; docs/performance.md has the figures.
 *
 * OpenMP reads the setting from the environment when it is loaded, which is when the program first
 * needs libtorch.
 */
#include <stdlib.h>

#ifdef __GLIBC__

/* Before main, while there is one thread: another could be reading the environment. */
__attribute__((constructor)) static void choose_spin_count(void) {
    if (!getenv("OMP_WAIT_POLICY")) {
        setenv("GOMP_SPINCOUNT", "10000", 0); /* unless the user has chosen */
    }
}

#endif
