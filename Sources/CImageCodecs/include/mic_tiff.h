#ifndef MICROSAM_MIC_TIFF_H
#define MICROSAM_MIC_TIFF_H

#include <stddef.h>
#include <stdint.h>

/* One open TIFF file, over libtiff. */
typedef struct mic_tiff mic_tiff;

/* What a directory (page) says of itself; values are as stored, unchecked. */
typedef struct {
    uint32_t width, height, depth;
    uint32_t subfile_type; /* bit 0: reduced resolution */
    uint16_t bits_per_sample, samples_per_pixel;
    uint16_t sample_format; /* 1 unsigned, 2 signed, 3 floating point, 4 undefined */
    uint16_t photometric, planar_configuration, compression, predictor, fill_order;
    uint16_t extra_samples;      /* number of samples beyond the colour model */
    uint16_t first_extra_sample; /* 0 unspecified, 1 or 2 alpha */
    uint16_t resolution_unit;    /* 1 none, 2 inch, 3 centimetre */
    uint16_t sub_directories;
    double x_resolution, y_resolution; /* 0 where missing */
    uint32_t is_tiled;
    uint32_t block_width, block_height; /* of a tile, or of a strip */
    uint32_t block_count;
    uint64_t row_bytes;  /* one decoded row of the page; of one sample where planar */
    uint64_t tile_bytes; /* one decoded tile; 0 for strips */
    uint64_t directory_offset;
} mic_tiff_page;

/* What a page to be written looks like. */
typedef struct {
    uint32_t width, height;
    uint16_t bits_per_sample, samples_per_pixel, sample_format;
    uint16_t compression; /* 1 none, 8 deflate, 50000 Zstandard */
    uint16_t predictor;   /* 1 none, 2 horizontal, 3 floating point */
    uint32_t tile_side;   /* 0: strips */
    uint32_t rows_per_strip;
    double x_resolution, y_resolution; /* pixels per unit of the description; 0: not written */
    const char *description;           /* null: not written */
} mic_tiff_format;

/* out: +1, release with mic_tiff_free; null without memory. Not yet open. */
mic_tiff *mic_tiff_new(void);

/* Closes the file, if open, and releases the handle. Null is ignored. */
void mic_tiff_free(mic_tiff *tiff);

/* The reason of the last failure; lives as long as the handle and until its next call. */
const char *mic_tiff_message(const mic_tiff *tiff);

/* Opens for reading and selects the first page. No single allocation of libtiff exceeds
 * `allocation_limit` bytes. */
int32_t mic_tiff_open(mic_tiff *tiff, const char *path, uint64_t allocation_limit);

int32_t mic_tiff_is_big(const mic_tiff *tiff);
int32_t mic_tiff_is_big_endian(const mic_tiff *tiff);

/* Describes the selected page. */
int32_t mic_tiff_describe(mic_tiff *tiff, mic_tiff_page *page);

/* Selects the next page. Returns 1 if there was one, 0 after the last, -1 if it is damaged. */
int32_t mic_tiff_next(mic_tiff *tiff);

/* Selects the page whose directory begins at `offset`. */
int32_t mic_tiff_select(mic_tiff *tiff, uint64_t offset);

/* The image description of the selected page, or null; lives until another page is selected. */
const char *mic_tiff_description(mic_tiff *tiff);

/* Copies the offsets of the sub-directories of the selected page; returns how many, at most
 * `capacity`. */
int32_t mic_tiff_sub_directories(mic_tiff *tiff, uint64_t *offsets, int32_t capacity);

/* Copies the palette of the selected page, `count` entries of red, green and blue. */
int32_t mic_tiff_palette(mic_tiff *tiff, uint16_t *entries, int32_t count);

/* Where a strip or tile lies in the file; 0 bytes for one that was never written. */
int32_t mic_tiff_block(mic_tiff *tiff, uint32_t index, uint64_t *offset, uint64_t *bytes);

/* Decodes one row. `buffer` holds `row_bytes`. Rows of one strip are asked for in rising order,
 * beginning at its first row. */
int32_t mic_tiff_read_row(mic_tiff *tiff, void *buffer, uint32_t row, uint16_t sample);

/* Decodes one whole tile or strip into `buffer` of exactly its `bytes`. */
int32_t mic_tiff_read_block(mic_tiff *tiff, uint32_t index, int32_t is_tile, void *buffer,
                            uint64_t bytes);

/* Creates a file for writing, BigTIFF if `big`. */
int32_t mic_tiff_create(mic_tiff *tiff, const char *path, int32_t big);

/* Begins a file in memory, BigTIFF if `big`. */
int32_t mic_tiff_create_in_memory(mic_tiff *tiff, int32_t big);

/* Begins a page. Strings are copied. */
int32_t mic_tiff_begin_page(mic_tiff *tiff, const mic_tiff_format *format);

int32_t mic_tiff_write_strip(mic_tiff *tiff, uint32_t index, const void *bytes, uint64_t count);
int32_t mic_tiff_write_tile(mic_tiff *tiff, uint32_t index, const void *bytes, uint64_t count);

/* Writes the directory of the page. */
int32_t mic_tiff_end_page(mic_tiff *tiff);

/* Brings everything written to the disk (fsync). */
int32_t mic_tiff_synchronize(mic_tiff *tiff);

/* Completes a file in memory and gives it away: `bytes` is allocated by malloc, for the caller to
 * free. Nothing but mic_tiff_free may follow. */
int32_t mic_tiff_take(mic_tiff *tiff, void **bytes, uint64_t *count);

#endif
