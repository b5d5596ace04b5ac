#include "mic_tiff_internal.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Some messages begin with the name of the file, which callers say anyway. */
static void drop_name(char *message, const char *name) {
    const size_t length = name ? strlen(name) : 0;
    if (length == 0 || strncmp(message, name, length) != 0 || message[length] != ':')
        return;
    const char *rest = message + length + 1;
    while (*rest == ' ')
        rest++;
    memmove(message, rest, strlen(rest) + 1);
}

static int keep_error(TIFF *file, void *user, const char *module, const char *format,
                      va_list arguments) {
    (void)module;
    mic_tiff *tiff = user;
    if (tiff && !tiff->has_message) {
        vsnprintf(tiff->message, sizeof tiff->message, format, arguments);
        drop_name(tiff->message, file ? TIFFFileName(file) : NULL);
        size_t length = strlen(tiff->message);
        while (length > 0 &&
               (tiff->message[length - 1] == '.' || tiff->message[length - 1] == '\n'))
            tiff->message[--length] = 0;
        tiff->has_message = 1;
    }
    return 1; /* handled: the global handler is not asked */
}

static int drop_warning(TIFF *file, void *user, const char *module, const char *format,
                        va_list arguments) {
    (void)file;
    (void)user;
    (void)module;
    (void)format;
    (void)arguments;
    return 1;
}

void mic_tiff_clear(mic_tiff *tiff) {
    tiff->has_message = 0;
    tiff->message[0] = 0;
}

int32_t mic_tiff_fail(mic_tiff *tiff, const char *text) {
    if (!tiff->has_message)
        snprintf(tiff->message, sizeof tiff->message, "%s", text);
    return -1;
}

mic_tiff *mic_tiff_new(void) {
    /* Codecs without a handle at hand report to the global handlers, which print by default. */
    TIFFSetErrorHandler(NULL);
    TIFFSetWarningHandler(NULL);
    return calloc(1, sizeof(mic_tiff));
}

void mic_tiff_free(mic_tiff *tiff) {
    if (!tiff)
        return;
    if (tiff->file)
        TIFFClose(tiff->file);
    free(tiff->bytes);
    free(tiff);
}

const char *mic_tiff_message(const mic_tiff *tiff) { return tiff->message; }

TIFFOpenOptions *mic_tiff_options(mic_tiff *tiff, uint64_t limit) {
    mic_tiff_clear(tiff);
    TIFFOpenOptions *options = TIFFOpenOptionsAlloc();
    if (!options) {
        mic_tiff_fail(tiff, "out of memory");
        return NULL;
    }
    TIFFOpenOptionsSetErrorHandlerExtR(options, keep_error, tiff);
    TIFFOpenOptionsSetWarningHandlerExtR(options, drop_warning, tiff);
    if (limit > 0)
        TIFFOpenOptionsSetMaxSingleMemAlloc(options, limit > INT64_MAX ? (tmsize_t)INT64_MAX
                                                                       : (tmsize_t)limit);
    return options;
}

int32_t mic_tiff_open_mode(mic_tiff *tiff, const char *path, const char *mode, uint64_t limit) {
    TIFFOpenOptions *options = mic_tiff_options(tiff, limit);
    if (!options)
        return -1;
    tiff->file = TIFFOpenExt(path, mode, options);
    TIFFOpenOptionsFree(options);
    return tiff->file ? 0 : mic_tiff_fail(tiff, "not a TIFF file that can be read");
}

int32_t mic_tiff_open(mic_tiff *tiff, const char *path, uint64_t allocation_limit) {
    /* m: no memory map (a file cut short while mapped kills the process);
     * O: block offsets are read when needed, so that a lying count costs nothing;
     * c: one strip stays one, so that planes behind each other are found where it ends. */
    return mic_tiff_open_mode(tiff, path, "rmOc", allocation_limit);
}

int32_t mic_tiff_is_big(const mic_tiff *tiff) { return TIFFIsBigTIFF(tiff->file) != 0; }

int32_t mic_tiff_is_big_endian(const mic_tiff *tiff) { return TIFFIsBigEndian(tiff->file) != 0; }

static void describe_samples(TIFF *file, mic_tiff_page *page) {
    TIFFGetFieldDefaulted(file, TIFFTAG_BITSPERSAMPLE, &page->bits_per_sample);
    TIFFGetFieldDefaulted(file, TIFFTAG_SAMPLESPERPIXEL, &page->samples_per_pixel);
    TIFFGetFieldDefaulted(file, TIFFTAG_SAMPLEFORMAT, &page->sample_format);
    TIFFGetFieldDefaulted(file, TIFFTAG_PLANARCONFIG, &page->planar_configuration);
    TIFFGetFieldDefaulted(file, TIFFTAG_COMPRESSION, &page->compression);
    TIFFGetFieldDefaulted(file, TIFFTAG_FILLORDER, &page->fill_order);
    if (!TIFFGetField(file, TIFFTAG_PHOTOMETRIC, &page->photometric))
        page->photometric = PHOTOMETRIC_MINISBLACK;
    page->predictor = 1;
    if (page->compression == COMPRESSION_LZW || page->compression == COMPRESSION_ADOBE_DEFLATE ||
        page->compression == COMPRESSION_DEFLATE || page->compression == COMPRESSION_ZSTD ||
        page->compression == COMPRESSION_LZMA)
        TIFFGetFieldDefaulted(file, TIFFTAG_PREDICTOR, &page->predictor);
    uint16_t *kinds = NULL;
    if (TIFFGetField(file, TIFFTAG_EXTRASAMPLES, &page->extra_samples, &kinds) && kinds &&
        page->extra_samples > 0)
        page->first_extra_sample = kinds[0];
}

static void describe_resolution(TIFF *file, mic_tiff_page *page) {
    float x = 0, y = 0;
    if (TIFFGetField(file, TIFFTAG_XRESOLUTION, &x))
        page->x_resolution = x;
    if (TIFFGetField(file, TIFFTAG_YRESOLUTION, &y))
        page->y_resolution = y;
    TIFFGetFieldDefaulted(file, TIFFTAG_RESOLUTIONUNIT, &page->resolution_unit);
}

static void describe_blocks(TIFF *file, mic_tiff_page *page) {
    page->is_tiled = TIFFIsTiled(file) != 0;
    if (page->is_tiled) {
        TIFFGetField(file, TIFFTAG_TILEWIDTH, &page->block_width);
        TIFFGetField(file, TIFFTAG_TILELENGTH, &page->block_height);
        page->block_count = TIFFNumberOfTiles(file);
        page->tile_bytes = TIFFTileSize64(file);
    } else {
        page->block_width = page->width;
        TIFFGetFieldDefaulted(file, TIFFTAG_ROWSPERSTRIP, &page->block_height);
        page->block_count = TIFFNumberOfStrips(file);
    }
    page->row_bytes = TIFFScanlineSize64(file);
}

int32_t mic_tiff_describe(mic_tiff *tiff, mic_tiff_page *page) {
    mic_tiff_clear(tiff);
    memset(page, 0, sizeof *page);
    TIFF *file = tiff->file;
    if (!TIFFGetField(file, TIFFTAG_IMAGEWIDTH, &page->width) ||
        !TIFFGetField(file, TIFFTAG_IMAGELENGTH, &page->height))
        return mic_tiff_fail(tiff, "a page without width or height");
    page->depth = 1;
    TIFFGetFieldDefaulted(file, TIFFTAG_IMAGEDEPTH, &page->depth);
    TIFFGetFieldDefaulted(file, TIFFTAG_SUBFILETYPE, &page->subfile_type);
    describe_samples(file, page);
    if (page->compression == COMPRESSION_JPEG && page->photometric == PHOTOMETRIC_YCBCR)
        TIFFSetField(file, TIFFTAG_JPEGCOLORMODE, JPEGCOLORMODE_RGB);
    describe_resolution(file, page);
    describe_blocks(file, page);
    uint64_t *offsets = NULL;
    TIFFGetField(file, TIFFTAG_SUBIFD, &page->sub_directories, &offsets);
    page->directory_offset = TIFFCurrentDirOffset(file);
    return 0;
}

int32_t mic_tiff_next(mic_tiff *tiff) {
    mic_tiff_clear(tiff);
    if (TIFFLastDirectory(tiff->file))
        return 0;
    return TIFFReadDirectory(tiff->file) ? 1 : mic_tiff_fail(tiff, "a damaged page directory");
}

int32_t mic_tiff_select(mic_tiff *tiff, uint64_t offset) {
    mic_tiff_clear(tiff);
    return TIFFSetSubDirectory(tiff->file, offset)
               ? 0
               : mic_tiff_fail(tiff, "a damaged page directory");
}

const char *mic_tiff_description(mic_tiff *tiff) {
    char *text = NULL;
    return TIFFGetField(tiff->file, TIFFTAG_IMAGEDESCRIPTION, &text) ? text : NULL;
}

int32_t mic_tiff_sub_directories(mic_tiff *tiff, uint64_t *offsets, int32_t capacity) {
    uint16_t count = 0;
    uint64_t *stored = NULL;
    if (!TIFFGetField(tiff->file, TIFFTAG_SUBIFD, &count, &stored) || !stored)
        return 0;
    int32_t copied = count < capacity ? count : capacity;
    memcpy(offsets, stored, (size_t)copied * sizeof *offsets);
    return copied;
}

int32_t mic_tiff_palette(mic_tiff *tiff, uint16_t *entries, int32_t count) {
    mic_tiff_clear(tiff);
    uint16_t bits = 0, *red = NULL, *green = NULL, *blue = NULL;
    TIFFGetFieldDefaulted(tiff->file, TIFFTAG_BITSPERSAMPLE, &bits);
    if (!TIFFGetField(tiff->file, TIFFTAG_COLORMAP, &red, &green, &blue) || bits > 16 ||
        count > (1 << bits))
        return mic_tiff_fail(tiff, "a palette image without a palette");
    for (int32_t index = 0; index < count; index++) {
        entries[3 * index] = red[index];
        entries[3 * index + 1] = green[index];
        entries[3 * index + 2] = blue[index];
    }
    return 0;
}

int32_t mic_tiff_block(mic_tiff *tiff, uint32_t index, uint64_t *offset, uint64_t *bytes) {
    mic_tiff_clear(tiff);
    int offset_failed = 0, bytes_failed = 0;
    *offset = TIFFGetStrileOffsetWithErr(tiff->file, index, &offset_failed);
    *bytes = TIFFGetStrileByteCountWithErr(tiff->file, index, &bytes_failed);
    return offset_failed || bytes_failed ? mic_tiff_fail(tiff, "a damaged table of blocks") : 0;
}

int32_t mic_tiff_read_row(mic_tiff *tiff, void *buffer, uint32_t row, uint16_t sample) {
    mic_tiff_clear(tiff);
    return TIFFReadScanline(tiff->file, buffer, row, sample) == 1
               ? 0
               : mic_tiff_fail(tiff, "damaged pixel data");
}

int32_t mic_tiff_read_block(mic_tiff *tiff, uint32_t index, int32_t is_tile, void *buffer,
                            uint64_t bytes) {
    mic_tiff_clear(tiff);
    tmsize_t count = is_tile ? TIFFReadEncodedTile(tiff->file, index, buffer, (tmsize_t)bytes)
                             : TIFFReadEncodedStrip(tiff->file, index, buffer, (tmsize_t)bytes);
    return count >= 0 && (uint64_t)count == bytes ? 0 : mic_tiff_fail(tiff, "damaged pixel data");
}
