#ifndef MICROSAM_MIC_TIFF_INTERNAL_H
#define MICROSAM_MIC_TIFF_INTERNAL_H

#include "mic_tiff.h"
#include <stdarg.h>
#include <tiffio.h>

struct mic_tiff {
    TIFF *file;
    int has_message; /* libtiff reports causes first and consequences later: the first is kept */
    char message[480];
    /* A file in memory; null for one on the disk. */
    unsigned char *bytes;
    uint64_t size, capacity, position;
};

int32_t mic_tiff_open_mode(mic_tiff *tiff, const char *path, const char *mode, uint64_t limit);

/* How files are opened: messages are kept by `tiff`, and no single allocation exceeds `limit` bytes,
 * if that is not 0. Null without memory; release with TIFFOpenOptionsFree. */
TIFFOpenOptions *mic_tiff_options(mic_tiff *tiff, uint64_t limit);

/* Forgets the last message; called at the beginning of each operation. */
void mic_tiff_clear(mic_tiff *tiff);

/* Keeps `text` unless libtiff has already said why. Returns -1. */
int32_t mic_tiff_fail(mic_tiff *tiff, const char *text);

#endif
