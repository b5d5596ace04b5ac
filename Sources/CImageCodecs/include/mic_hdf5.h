#ifndef MICROSAM_MIC_HDF5_H
#define MICROSAM_MIC_HDF5_H

#include <stddef.h>
#include <stdint.h>

/* One open HDF5 file, over the HDF5 library, for reading. The library is used by one thread at a
 * time in the whole process: callers hold a lock. */
typedef struct mic_hdf5 mic_hdf5;

#define MIC_HDF5_MAX_RANK 32

typedef struct {
    int32_t rank;
    uint64_t shape[MIC_HDF5_MAX_RANK];
    uint64_t chunk_shape[MIC_HDF5_MAX_RANK]; /* the shape, where the layout is contiguous */
    int32_t is_float;
    int32_t is_signed;
    int32_t stored_bytes;  /* of one element in the file */
    int32_t memory_bytes;  /* of one element as it is read: 1, 2, 4 or 8 */
    uint64_t storage_size; /* bytes of the data in the file; 0 where nothing was written */
} mic_hdf5_info;

/* out: +1, release with mic_hdf5_free; null without memory. Not yet open. */
mic_hdf5 *mic_hdf5_new(void);

/* Closes the file, if open, and releases the handle. Null is ignored. */
void mic_hdf5_free(mic_hdf5 *file);

/* The reason of the last failure; lives as long as the handle and until its next call. */
const char *mic_hdf5_message(const mic_hdf5 *file);

int32_t mic_hdf5_open(mic_hdf5 *file, const char *path);

/* Writes the names of all data sets of numbers, one a line, into `names`, as many as fit. Returns
 * how many data sets there are, or -1. */
int32_t mic_hdf5_list(mic_hdf5 *file, char *names, size_t capacity);

/* Describes a data set. Fails for anything but numbers and truth values. */
int32_t mic_hdf5_describe(mic_hdf5 *file, const char *name, mic_hdf5_info *info);

/* Reads a block of a data set, `memory_bytes` an element in native order, into `buffer`, which holds
 * all of it. */
int32_t mic_hdf5_read(mic_hdf5 *file, const char *name, const mic_hdf5_info *info,
                      const uint64_t *start, const uint64_t *count, void *buffer);

#endif
