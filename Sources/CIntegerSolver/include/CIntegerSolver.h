#ifndef C_INTEGER_SOLVER_H
#define C_INTEGER_SOLVER_H

#include <stdint.h>

/// The integer programmes of tracking, solved by CBC of the COIN-OR project.
///
/// CBC brings a plain BLAS with it. Linked into a program, that BLAS would replace the one of libtorch, because the functions
/// have the same names. So the library is opened when it is first needed, for itself alone.

/// How a call ended.
typedef enum {
    CIS_OK = 0,
    /// There is no CBC on this machine; `cis_problem` says what was tried.
    CIS_UNAVAILABLE = 1,
    /// CBC found no best solution.
    CIS_UNSOLVED = 2,
} cis_status;

/// Minimises costs · x over x in {0, 1}, where each row i allows lower[i] ≤ (A x)[i] ≤ upper[i].
///
/// A is given by columns: entries starts[c] up to starts[c + 1] of `indices` (rows) and `values` belong to column c, so
/// `starts` has columns + 1 entries. Writes one value per column to `solution`, rounded to 0 or 1. All memory stays with
/// the caller. Several threads may call; their calls take turns.
cis_status cis_minimize(int32_t columns, int32_t rows, const int32_t *starts, const int32_t *indices,
                        const double *values, const double *costs, const double *lower, const double *upper,
                        int8_t *solution);

/// Why the library could not be opened; belongs to this library, and is empty if it could.
const char *cis_problem(void);

#endif
