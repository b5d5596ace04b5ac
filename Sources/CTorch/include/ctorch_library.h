/// The library with the implementation of all other functions, and how it is found.
///
/// A program that is linked with CTorchLinked has the implementation in itself. Any other opens the file
/// libMicroSAMTorch (.so, .dylib) beside it on the first call of a function, and libtorch with it.
#ifndef CTORCH_LIBRARY_H
#define CTORCH_LIBRARY_H

#include "ctorch_core.h"

MS_BEGIN

/// The functions of an implementation, see ctorch_functions.h.
typedef struct ms_functions ms_functions;

/// What the library exports: `const ms_functions *ms_torch_library(void)`.
#define MS_LIBRARY_ENTRY "ms_torch_library"

/// Takes an implementation that is part of the program; to be called before `main`. The first one counts.
void ms_library_register(const ms_functions *functions);

/// Opens the library unless that has been done.
ms_status ms_library_load(void);

/// Why the library cannot be used, for people; empty while nothing has failed.
const char *ms_library_problem(void);

/// The functions, once they are there; set once, read with `ms_library`.
extern const ms_functions *ms_library_functions;

/// Opens the library on the first call; null if that fails.
const ms_functions *ms_library_open(void);

/// What `ms_perform` does without threads.
void ms_perform_in_turn(int64_t count, void *context, void (*body)(void *context, int64_t index));

/// The functions, or null if there are none.
static inline const ms_functions *ms_library(void) {
    const ms_functions *functions = __atomic_load_n(&ms_library_functions, __ATOMIC_ACQUIRE);
    return __builtin_expect(functions != 0, 1) ? functions : ms_library_open();
}

MS_END

#endif
