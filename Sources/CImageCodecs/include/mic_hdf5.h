#ifndef MICROSAM_MIC_HDF5_H
#define MICROSAM_MIC_HDF5_H

#include <stddef.h>
#include <stdint.h>

/* Reading HDF5 files, over the HDF5 library.
 *
 * The library trusts files: a damaged one can crash it. Each function therefore does its work in a
 * short-lived child process (fork) of limited memory and time; if that dies, the function fails like
 * for any other damaged file. The library keeps no state in this process, so the functions may be
 * called from several threads. */

#define MIC_HDF5_MAX_RANK 32

typedef struct {
    int32_t rank;
    uint64_t shape[MIC_HDF5_MAX_RANK];
    uint64_t chunk_shape[MIC_HDF5_MAX_RANK]; /* the shape, where the layout is contiguous */
    int32_t is_float;
    int32_t is_signed;
    int32_t stored_bytes; /* of one element in the file */
    int32_t memory_bytes; /* of one element as it is read: 1, 2, 4 or 8 */
} mic_hdf5_info;

/* Why a function failed: one line of UTF-8. */
typedef struct {
    char text[256];
} mic_hdf5_message;

/* Writes the names of the data sets of numbers, one a line, into `names`, as many as fit. Returns
 * how many there are, or -1. */
int32_t mic_hdf5_list(const char *path, char *names, size_t capacity, mic_hdf5_message *message);

/* Describes a data set. Fails for anything but numbers and truth values. */
int32_t mic_hdf5_describe(const char *path, const char *name, mic_hdf5_info *info,
                          mic_hdf5_message *message);

/* Reads a block of a data set that was described, `memory_bytes` an element in native order, into
 * `buffer` of exactly its `bytes`. */
int32_t mic_hdf5_read(const char *path, const char *name, const mic_hdf5_info *info,
                      const uint64_t *start, const uint64_t *count, void *buffer, size_t bytes,
                      mic_hdf5_message *message);

#endif
