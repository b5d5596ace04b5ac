#include "mic_png.h"
#include <errno.h>
#include <spng.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct mic_png {
    spng_ctx *context;
    FILE *file;
    char message[256];
};

static int32_t fail(mic_png *png, const char *text) {
    snprintf(png->message, sizeof png->message, "%s", text);
    return -1;
}

static int32_t check(mic_png *png, int code) {
    if (code == 0)
        return 0;
    if ((code == SPNG_EIO || code == SPNG_IO_ERROR) && errno != 0)
        return fail(png, strerror(errno));
    return fail(png, spng_strerror(code));
}

mic_png *mic_png_new(void) { return calloc(1, sizeof(mic_png)); }

void mic_png_free(mic_png *png) {
    if (!png)
        return;
    if (png->context)
        spng_ctx_free(png->context);
    if (png->file)
        fclose(png->file);
    free(png);
}

const char *mic_png_message(const mic_png *png) { return png->message; }

static int32_t open_file(mic_png *png, const char *path, const char *mode, int flags) {
    errno = 0;
    png->file = fopen(path, mode);
    if (!png->file)
        return fail(png, strerror(errno));
    png->context = spng_ctx_new(flags);
    return png->context ? check(png, spng_set_png_file(png->context, png->file))
                        : fail(png, "out of memory");
}

static int32_t read_palette(mic_png *png, mic_png_header *header) {
    struct spng_plte palette;
    struct spng_trns transparency;
    if (header->color_type != SPNG_COLOR_TYPE_INDEXED)
        return 0;
    int code = spng_get_plte(png->context, &palette);
    if (code)
        return check(png, code);
    header->palette_count = palette.n_entries;
    header->palette_has_alpha = spng_get_trns(png->context, &transparency) == 0;
    for (uint32_t index = 0; index < palette.n_entries && index < 256; index++) {
        uint8_t *entry = header->palette + 4 * index;
        entry[0] = palette.entries[index].red;
        entry[1] = palette.entries[index].green;
        entry[2] = palette.entries[index].blue;
        entry[3] = header->palette_has_alpha && index < transparency.n_type3_entries
                       ? transparency.type3_alpha[index]
                       : 255;
    }
    return 0;
}

int32_t mic_png_open(mic_png *png, const char *path, mic_png_header *header) {
    memset(header, 0, sizeof *header);
    if (open_file(png, path, "rb", 0))
        return -1;
    /* One chunk and all kept chunks of metadata: a lying length must not cost memory. */
    spng_set_chunk_limits(png->context, 16u << 20, 32u << 20);
    spng_set_crc_action(png->context, SPNG_CRC_ERROR, SPNG_CRC_DISCARD);
    struct spng_ihdr ihdr;
    int code = spng_get_ihdr(png->context, &ihdr);
    if (code)
        return check(png, code);
    header->width = ihdr.width;
    header->height = ihdr.height;
    header->bit_depth = ihdr.bit_depth;
    header->color_type = ihdr.color_type;
    header->is_interlaced = ihdr.interlace_method != 0;
    size_t bytes = 0;
    code = spng_decoded_image_size(png->context, SPNG_FMT_PNG, &bytes);
    if (code)
        return check(png, code);
    header->row_bytes = bytes / ihdr.height;
    struct spng_phys phys;
    if (spng_get_phys(png->context, &phys) == 0 && phys.unit_specifier == 1) {
        header->pixels_per_metre_x = phys.ppu_x;
        header->pixels_per_metre_y = phys.ppu_y;
    }
    return read_palette(png, header);
}

int32_t mic_png_begin_rows(mic_png *png) {
    return check(png,
                 spng_decode_image(png->context, NULL, 0, SPNG_FMT_PNG, SPNG_DECODE_PROGRESSIVE));
}

int32_t mic_png_read_row(mic_png *png, void *buffer, uint64_t bytes) {
    int code = spng_decode_row(png->context, buffer, bytes);
    return code == SPNG_EOI ? 0 : check(png, code); /* end of image comes with the last row */
}

int32_t mic_png_read_all(mic_png *png, void *buffer, uint64_t bytes) {
    return check(png, spng_decode_image(png->context, buffer, bytes, SPNG_FMT_PNG, 0));
}

static int32_t begin_encoding(mic_png *png, const mic_png_header *header) {
    struct spng_ihdr ihdr = {.width = header->width,
                             .height = header->height,
                             .bit_depth = header->bit_depth,
                             .color_type = header->color_type};
    int code = spng_set_ihdr(png->context, &ihdr);
    if (!code)
        code = spng_encode_image(png->context, NULL, 0, SPNG_FMT_PNG,
                                 SPNG_ENCODE_PROGRESSIVE | SPNG_ENCODE_FINALIZE);
    return check(png, code);
}

int32_t mic_png_create(mic_png *png, const char *path, const mic_png_header *header) {
    if (open_file(png, path, "wb", SPNG_CTX_ENCODER))
        return -1;
    return begin_encoding(png, header);
}

int32_t mic_png_create_in_memory(mic_png *png, const mic_png_header *header) {
    png->context = spng_ctx_new(SPNG_CTX_ENCODER);
    if (!png->context)
        return fail(png, "out of memory");
    int code = spng_set_option(png->context, SPNG_ENCODE_TO_BUFFER, 1);
    return code ? check(png, code) : begin_encoding(png, header);
}

int32_t mic_png_write_row(mic_png *png, const void *buffer, uint64_t bytes) {
    errno = 0;
    int code = spng_encode_row(png->context, buffer, bytes);
    return code == SPNG_EOI ? 0 : check(png, code);
}

int32_t mic_png_synchronize(mic_png *png) {
    errno = 0;
    if (fflush(png->file) != 0 || fsync(fileno(png->file)) != 0)
        return fail(png, strerror(errno));
    return 0;
}

int32_t mic_png_take(mic_png *png, void **bytes, uint64_t *count) {
    size_t size = 0;
    int code = 0;
    *bytes = spng_get_png_buffer(png->context, &size, &code);
    *count = size;
    return *bytes ? 0 : check(png, code ? code : SPNG_EMEM);
}
