#include "CIntegerSolver.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

// The part of CBC's C interface that is used here, as of version 2.10. CBC declares `CoinBigIndex` as int.
typedef void Cbc_Model;

static struct {
    Cbc_Model *(*newModel)(void);
    void (*deleteModel)(Cbc_Model *model);
    void (*loadProblem)(Cbc_Model *model, const int numcols, const int numrows, const int *start, const int *index,
                        const double *value, const double *collb, const double *colub, const double *obj,
                        const double *rowlb, const double *rowub);
    void (*setParameter)(Cbc_Model *model, const char *name, const char *value);
    void (*setInteger)(Cbc_Model *model, int column);
    int (*solve)(Cbc_Model *model);
    int (*isProvenOptimal)(Cbc_Model *model);
    const double *(*getColSolution)(Cbc_Model *model);
} cbc;

#ifdef __APPLE__
static const char *const names[] = {"libCbcSolver.3.dylib", "/opt/homebrew/lib/libCbcSolver.3.dylib",
                                    "/usr/local/lib/libCbcSolver.3.dylib", "libCbcSolver.dylib"};
#else
static const char *const names[] = {"libCbcSolver.so.3", "libCbcSolver.so"};
#endif

static pthread_once_t opened = PTHREAD_ONCE_INIT;
static char problem[1024];

static void *function(void *library, const char *name) {
    void *found = dlsym(library, name);
    if (!found) { snprintf(problem, sizeof problem, "the library of CBC has no function %s", name); }
    return found;
}

static void open_library(void) {
    void *library = NULL;
    for (size_t i = 0; !library && i < sizeof names / sizeof *names; ++i) {
        // Local, so that its BLAS serves nobody else.
        library = dlopen(names[i], RTLD_NOW | RTLD_LOCAL);
    }
    if (!library) {
        const char *reason = dlerror();
        snprintf(problem, sizeof problem, "%s", reason ? reason : "no reason given");
        return;
    }
    cbc.newModel = (Cbc_Model * (*)(void)) function(library, "Cbc_newModel");
    cbc.deleteModel = (void (*)(Cbc_Model *))function(library, "Cbc_deleteModel");
    cbc.loadProblem =
        (void (*)(Cbc_Model *, const int, const int, const int *, const int *, const double *, const double *,
                  const double *, const double *, const double *, const double *))function(library, "Cbc_loadProblem");
    cbc.setParameter = (void (*)(Cbc_Model *, const char *, const char *))function(library, "Cbc_setParameter");
    cbc.setInteger = (void (*)(Cbc_Model *, int))function(library, "Cbc_setInteger");
    cbc.solve = (int (*)(Cbc_Model *))function(library, "Cbc_solve");
    cbc.isProvenOptimal = (int (*)(Cbc_Model *))function(library, "Cbc_isProvenOptimal");
    cbc.getColSolution = (const double *(*)(Cbc_Model *))function(library, "Cbc_getColSolution");
}

const char *cis_problem(void) {
    pthread_once(&opened, open_library);
    return problem;
}

/// CBC keeps settings of a call in variables of its library, so calls take turns.
static pthread_mutex_t turn = PTHREAD_MUTEX_INITIALIZER;

static cis_status solve(Cbc_Model *model, int32_t columns, int8_t *solution) {
    cbc.solve(model);
    const double *found = cbc.isProvenOptimal(model) ? cbc.getColSolution(model) : NULL;
    for (int32_t c = 0; found && c < columns; ++c) { solution[c] = found[c] > 0.5; }
    return found ? CIS_OK : CIS_UNSOLVED;
}

cis_status cis_minimize(int32_t columns, int32_t rows, const int32_t *starts, const int32_t *indices,
                        const double *values, const double *costs, const double *lower, const double *upper,
                        int8_t *solution) {
    if (cis_problem()[0]) { return CIS_UNAVAILABLE; }
    double *bounds = calloc((size_t)columns * 2 + 1, sizeof *bounds);
    if (!bounds) { return CIS_UNSOLVED; }
    for (int32_t c = 0; c < columns; ++c) { bounds[columns + c] = 1; }
    pthread_mutex_lock(&turn);
    cis_status status = CIS_UNSOLVED;
    Cbc_Model *model = cbc.newModel();
    if (model) {
        cbc.setParameter(model, "log", "0");
        cbc.loadProblem(model, columns, rows, starts, indices, values, bounds, bounds + columns, costs, lower, upper);
        for (int32_t c = 0; c < columns; ++c) { cbc.setInteger(model, c); }
        status = solve(model, columns, solution);
        cbc.deleteModel(model);
    }
    pthread_mutex_unlock(&turn);
    free(bounds);
    return status;
}
