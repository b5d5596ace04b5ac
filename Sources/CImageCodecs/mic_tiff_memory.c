#include "mic_tiff_internal.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* libtiff writes to this buffer as it would to a file: it goes back to fill in offsets, reads what
 * it has written, and may leave gaps, which are zeros. */

static tmsize_t read_memory(thandle_t handle, void *buffer, tmsize_t count) {
    mic_tiff *tiff = handle;
    if (count <= 0 || tiff->position >= tiff->size)
        return 0;
    uint64_t rest = tiff->size - tiff->position;
    size_t taken = (uint64_t)count < rest ? (size_t)count : (size_t)rest;
    memcpy(buffer, tiff->bytes + tiff->position, taken);
    tiff->position += taken;
    return (tmsize_t)taken;
}

/* Room for `size` bytes; 0 without memory. */
static int reserve(mic_tiff *tiff, uint64_t size) {
    if (size <= tiff->capacity)
        return 1;
    uint64_t capacity = tiff->capacity < 4096 ? 4096 : tiff->capacity;
    while (capacity < size)
        capacity = capacity > UINT64_MAX / 2 ? size : capacity * 2;
    unsigned char *bytes = capacity > SIZE_MAX ? NULL : realloc(tiff->bytes, (size_t)capacity);
    if (!bytes)
        return 0;
    tiff->bytes = bytes;
    tiff->capacity = capacity;
    return 1;
}

static tmsize_t write_memory(thandle_t handle, void *buffer, tmsize_t count) {
    mic_tiff *tiff = handle;
    if (count <= 0)
        return 0;
    uint64_t end = tiff->position + (uint64_t)count;
    if (end < tiff->position || !reserve(tiff, end)) {
        errno = ENOMEM;
        return -1;
    }
    if (tiff->position > tiff->size)
        memset(tiff->bytes + tiff->size, 0, (size_t)(tiff->position - tiff->size));
    memcpy(tiff->bytes + tiff->position, buffer, (size_t)count);
    tiff->position = end;
    if (end > tiff->size)
        tiff->size = end;
    return count;
}

/* Offsets are signed for SEEK_CUR and SEEK_END, and the sum wraps as it should. */
static toff_t seek_memory(thandle_t handle, toff_t offset, int whence) {
    mic_tiff *tiff = handle;
    uint64_t start = whence == SEEK_CUR ? tiff->position : whence == SEEK_END ? tiff->size : 0;
    tiff->position = start + offset;
    return tiff->position;
}

/* The buffer outlives libtiff's handle: it is taken, or freed with ours. */
static int close_memory(thandle_t handle) {
    (void)handle;
    return 0;
}

static toff_t memory_size(thandle_t handle) { return ((mic_tiff *)handle)->size; }

static int map_memory(thandle_t handle, void **base, toff_t *size) {
    (void)handle;
    (void)base;
    (void)size;
    return 0;
}

static void unmap_memory(thandle_t handle, void *base, toff_t size) {
    (void)handle;
    (void)base;
    (void)size;
}

int32_t mic_tiff_create_in_memory(mic_tiff *tiff, int32_t big) {
    TIFFOpenOptions *options = mic_tiff_options(tiff, 0);
    if (!options)
        return -1;
    tiff->file = TIFFClientOpenExt("memory", big ? "w8" : "w", tiff, read_memory, write_memory,
                                   seek_memory, close_memory, memory_size, map_memory,
                                   unmap_memory, options);
    TIFFOpenOptionsFree(options);
    return tiff->file ? 0 : mic_tiff_fail(tiff, "out of memory");
}

int32_t mic_tiff_take(mic_tiff *tiff, void **bytes, uint64_t *count) {
    mic_tiff_clear(tiff);
    TIFFClose(tiff->file);
    tiff->file = NULL;
    if (tiff->has_message)
        return -1;
    /* The buffer has grown in steps; where it cannot shrink, it stays as it is. */
    void *exact = tiff->size > 0 ? realloc(tiff->bytes, (size_t)tiff->size) : NULL;
    *bytes = exact ? exact : tiff->bytes;
    *count = tiff->size;
    tiff->bytes = NULL;
    tiff->size = tiff->capacity = tiff->position = 0;
    return 0;
}
