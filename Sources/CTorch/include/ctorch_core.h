/// Status codes, error messages, data types, devices and the opaque handles.
#ifndef CTORCH_CORE_H
#define CTORCH_CORE_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
#define MS_BEGIN extern "C" {
#define MS_END }
#else
#define MS_BEGIN
#define MS_END
#endif

// What a caller sees are the short functions of ctorch_functions.h, which look for the implementation in a table.
#ifdef CTORCH_LIBRARY
#define MS_API
#else
#define MS_API static inline
#endif

/// What a function answers while there is no implementation, where that is not MS_UNAVAILABLE. Read by
/// Scripts/interface.py, which writes ctorch_functions.h. Functions of a handle need none: the implementation made it.
#define MS_ELSE(answer)

MS_BEGIN

typedef int32_t ms_status;

enum {
    MS_OK = 0,
    /// libtorch refused the operation; the message says why.
    MS_ERROR = 1,
    /// Host or device memory is exhausted. The process is intact and may go on.
    MS_OUT_OF_MEMORY = 2,
    /// A kernel does not handle this device, type or layout; use the composed operators.
    MS_NOT_SUPPORTED = 3,
    /// The library with the implementation cannot be opened; the message says why.
    MS_UNAVAILABLE = 4,
};

enum {
    MS_UINT8 = 0,
    MS_INT8 = 1,
    MS_INT16 = 2,
    MS_INT32 = 3,
    MS_INT64 = 4,
    MS_FLOAT16 = 5,
    MS_BFLOAT16 = 6,
    MS_FLOAT32 = 7,
    MS_FLOAT64 = 8,
    MS_BOOL = 9,
};

enum { MS_CPU = 0, MS_CUDA = 1, MS_MPS = 2 };

/// Where a tensor lives. `index` counts devices of one kind and is 0 on the CPU.
typedef struct ms_device {
    int32_t kind;
    int32_t index;
} ms_device;

/// A tensor. Reference counted by libtorch; one handle owns one reference.
typedef struct ms_tensor ms_tensor;

/// A source of random numbers with its own state.
typedef struct ms_generator ms_generator;

/// The message of the last failure on this thread; valid until the next failure on it.
MS_API const char *ms_last_error(void) MS_ELSE(ms_library_problem());

/// The version of libtorch that is linked, such as "2.13.0". A static string.
MS_API const char *ms_libtorch_version(void) MS_ELSE("none");

MS_END

#endif
