#ifndef MICROSAM_MIC_PNG_H
#define MICROSAM_MIC_PNG_H

#include <stddef.h>
#include <stdint.h>

/* One PNG file being read or written, over libspng. */
typedef struct mic_png mic_png;

typedef struct {
    uint32_t width, height;
    uint8_t bit_depth;
    uint8_t color_type; /* 0 grey, 2 RGB, 3 palette, 4 grey and alpha, 6 RGBA */
    uint8_t is_interlaced;
    uint64_t row_bytes; /* one row as stored: samples below 8 bits are packed, 16 bits are native */
    double pixels_per_metre_x, pixels_per_metre_y; /* 0 where missing */
    uint32_t palette_count;
    uint32_t palette_has_alpha;
    uint8_t palette[256 * 4]; /* red, green, blue, alpha */
} mic_png_header;

/* out: +1, release with mic_png_free; null without memory. */
mic_png *mic_png_new(void);

/* Closes the file, if open, and releases the handle. Null is ignored. */
void mic_png_free(mic_png *png);

/* The reason of the last failure; lives as long as the handle. */
const char *mic_png_message(const mic_png *png);

/* Opens a file and reads everything up to the pixels. */
int32_t mic_png_open(mic_png *png, const char *path, mic_png_header *header);

/* Begins decoding row by row; only for files that are not interlaced. */
int32_t mic_png_begin_rows(mic_png *png);

/* Decodes the next row into `bytes` = `row_bytes`. */
int32_t mic_png_read_row(mic_png *png, void *buffer, uint64_t bytes);

/* Decodes all rows, `bytes` = `height` * `row_bytes`. */
int32_t mic_png_read_all(mic_png *png, void *buffer, uint64_t bytes);

/* Creates a file and begins encoding row by row. */
int32_t mic_png_create(mic_png *png, const char *path, const mic_png_header *header);

/* Begins encoding row by row into memory. */
int32_t mic_png_create_in_memory(mic_png *png, const mic_png_header *header);

/* Encodes the next row, `bytes` = width * samples * depth / 8; 16-bit samples are native. */
int32_t mic_png_write_row(mic_png *png, const void *buffer, uint64_t bytes);

/* After the last row: brings everything to the disk (fsync). */
int32_t mic_png_synchronize(mic_png *png);

/* After the last row: the whole file that was made in memory.
 * bytes: out, +1, release with free. */
int32_t mic_png_take(mic_png *png, void **bytes, uint64_t *count);

#endif
