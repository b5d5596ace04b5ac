#include "mic_tiff_internal.h"
#include <errno.h>
#include <string.h>
#include <unistd.h>

/* libtiff says only that writing failed; the system knows why. */
static int32_t fail_writing(mic_tiff *tiff) {
    if (errno != 0) {
        mic_tiff_clear(tiff);
        return mic_tiff_fail(tiff, strerror(errno));
    }
    return mic_tiff_fail(tiff, "writing failed");
}

int32_t mic_tiff_create(mic_tiff *tiff, const char *path, int32_t big) {
    errno = 0;
    return mic_tiff_open_mode(tiff, path, big ? "w8" : "w", 0) == 0 ? 0 : fail_writing(tiff);
}

static int set_layout(TIFF *file, const mic_tiff_format *format) {
    if (format->tile_side > 0)
        return TIFFSetField(file, TIFFTAG_TILEWIDTH, format->tile_side) &&
               TIFFSetField(file, TIFFTAG_TILELENGTH, format->tile_side);
    return TIFFSetField(file, TIFFTAG_ROWSPERSTRIP, format->rows_per_strip);
}

static int set_resolution(TIFF *file, const mic_tiff_format *format) {
    if (!(format->x_resolution > 0 && format->y_resolution > 0))
        return 1;
    /* ImageJ takes the unit from the description, if the page itself names none. */
    return TIFFSetField(file, TIFFTAG_RESOLUTIONUNIT, RESUNIT_NONE) &&
           TIFFSetField(file, TIFFTAG_XRESOLUTION, format->x_resolution) &&
           TIFFSetField(file, TIFFTAG_YRESOLUTION, format->y_resolution);
}

int32_t mic_tiff_begin_page(mic_tiff *tiff, const mic_tiff_format *format) {
    mic_tiff_clear(tiff);
    TIFF *file = tiff->file;
    int is_colour = format->samples_per_pixel >= 3;
    int is_set = TIFFSetField(file, TIFFTAG_IMAGEWIDTH, format->width) &&
                 TIFFSetField(file, TIFFTAG_IMAGELENGTH, format->height) &&
                 TIFFSetField(file, TIFFTAG_BITSPERSAMPLE, format->bits_per_sample) &&
                 TIFFSetField(file, TIFFTAG_SAMPLESPERPIXEL, format->samples_per_pixel) &&
                 TIFFSetField(file, TIFFTAG_SAMPLEFORMAT, format->sample_format) &&
                 TIFFSetField(file, TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG) &&
                 TIFFSetField(file, TIFFTAG_PHOTOMETRIC,
                              is_colour ? PHOTOMETRIC_RGB : PHOTOMETRIC_MINISBLACK) &&
                 TIFFSetField(file, TIFFTAG_COMPRESSION, format->compression);
    if (is_set && format->samples_per_pixel == (is_colour ? 4 : 2)) {
        uint16_t alpha = EXTRASAMPLE_UNASSALPHA;
        is_set = TIFFSetField(file, TIFFTAG_EXTRASAMPLES, 1, &alpha);
    }
    if (is_set && format->predictor > 1)
        is_set = TIFFSetField(file, TIFFTAG_PREDICTOR, format->predictor);
    if (is_set && format->description)
        is_set = TIFFSetField(file, TIFFTAG_IMAGEDESCRIPTION, format->description);
    is_set = is_set && set_layout(file, format) && set_resolution(file, format);
    return is_set ? 0 : mic_tiff_fail(tiff, "a page that TIFF cannot hold");
}

int32_t mic_tiff_write_strip(mic_tiff *tiff, uint32_t index, const void *bytes, uint64_t count) {
    mic_tiff_clear(tiff);
    errno = 0;
    /* libtiff encodes from a copy: the bytes are not changed. */
    tmsize_t written = TIFFWriteEncodedStrip(tiff->file, index, (void *)bytes, (tmsize_t)count);
    return written == (tmsize_t)count ? 0 : fail_writing(tiff);
}

int32_t mic_tiff_write_tile(mic_tiff *tiff, uint32_t index, const void *bytes, uint64_t count) {
    mic_tiff_clear(tiff);
    errno = 0;
    tmsize_t written = TIFFWriteEncodedTile(tiff->file, index, (void *)bytes, (tmsize_t)count);
    return written == (tmsize_t)count ? 0 : fail_writing(tiff);
}

int32_t mic_tiff_end_page(mic_tiff *tiff) {
    mic_tiff_clear(tiff);
    errno = 0;
    return TIFFWriteDirectory(tiff->file) ? 0 : fail_writing(tiff);
}

int32_t mic_tiff_synchronize(mic_tiff *tiff) {
    mic_tiff_clear(tiff);
    errno = 0;
    return fsync(TIFFFileno(tiff->file)) == 0 ? 0 : fail_writing(tiff);
}
