#ifndef MICROSAM_MIC_HDF5_H
#define MICROSAM_MIC_HDF5_H

#include <stddef.h>
#include <stdint.h>

/* Reading HDF5 files, over the HDF5 library.
 *
 * The library trusts files: a damaged one can crash it, keep it busy for ever, or lead it to other
 * files. Each function therefore does its work in short-lived child processes (fork) of limited memory
 * and time, which can open nothing beside the file itself; if one dies, the function fails like for
 * any other damaged file. The library keeps no state in this process, so the functions may be called
 * from several threads. */

#define MIC_HDF5_MAX_RANK 32

/* Results of the functions below beside 0. */
#define MIC_HDF5_FAILED (-1)
#define MIC_HDF5_IS_NEWER (-2)     /* of a version of the format that the library does not know */
#define MIC_HDF5_IS_ELSEWHERE (-3) /* the values lie in other files, which are not followed */

typedef struct {
    int32_t rank;
    uint64_t shape[MIC_HDF5_MAX_RANK];
    uint64_t chunk_shape[MIC_HDF5_MAX_RANK]; /* the shape, where the layout is contiguous */
    int32_t is_float;
    int32_t is_signed;
    int32_t stored_bytes;    /* of one element in the file */
    int32_t memory_bytes;    /* of one element as it is read: 1, 2, 4 or 8 */
    int32_t is_empty;        /* no element is stored: all have the fill value */
    int32_t is_column_major; /* written by MATLAB, whose first dimension is the last one here */
    int32_t element_size_count;
    double element_size[MIC_HDF5_MAX_RANK]; /* the attribute element_size_um */
    char axis_tags[4096];                   /* the attribute axistags (JSON of vigra), or empty */
    char dimension_labels[1024]; /* one a line: labels, or the names of the attached scales; or empty */
} mic_hdf5_info;

/* Why a function failed: one line of UTF-8. */
typedef struct {
    char text[256];
} mic_hdf5_message;

/* The version of the library, such as 1.10.8. */
const char *mic_hdf5_version(void);

/* Writes the data sets of numbers of two dimensions and more into `names`, as many as fit, each a line
 * of its sides (separated by x), a space, and its name. Returns how many there are, or an error.
 * Left out are groups that are very deep, links of all kinds, and what lies beyond a hundred thousand
 * objects, if two data sets were found before; with fewer it is an error. */
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
