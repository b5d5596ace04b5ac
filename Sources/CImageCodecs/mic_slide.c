#include "mic_slide.h"
#include <openslide.h>
#include <stdlib.h>
#include <string.h>

struct mic_slide {
    openslide_t *handle;
};

const char *mic_slide_vendor(const char *path) {
    const char *vendor = openslide_detect_vendor(path);
    return vendor && strcmp(vendor, "generic-tiff") != 0 ? vendor : NULL;
}

mic_slide *mic_slide_open(const char *path) {
    openslide_t *handle = openslide_open(path);
    mic_slide *slide = handle ? calloc(1, sizeof *slide) : NULL;
    if (slide)
        slide->handle = handle;
    else if (handle)
        openslide_close(handle);
    return slide;
}

void mic_slide_free(mic_slide *slide) {
    if (!slide)
        return;
    openslide_close(slide->handle);
    free(slide);
}

const char *mic_slide_message(mic_slide *slide) { return openslide_get_error(slide->handle); }

int32_t mic_slide_levels(mic_slide *slide) { return openslide_get_level_count(slide->handle); }

int32_t mic_slide_level(mic_slide *slide, int32_t level, int64_t *width, int64_t *height,
                        double *downsample) {
    openslide_get_level_dimensions(slide->handle, level, width, height);
    *downsample = openslide_get_level_downsample(slide->handle, level);
    return *width > 0 && *height > 0 && *downsample > 0 ? 0 : -1;
}

const char *mic_slide_property(mic_slide *slide, const char *name) {
    return openslide_get_property_value(slide->handle, name);
}

/* Colours come multiplied by their opacity: the background shines through. */
static void compose(uint32_t argb, const uint8_t background[3], uint8_t *pixel) {
    uint32_t rest = 255 - (argb >> 24);
    for (int channel = 0; channel < 3; channel++) {
        uint32_t value = (argb >> (16 - 8 * channel)) & 255;
        value += (background[channel] * rest + 127) / 255;
        pixel[channel] = value > 255 ? 255 : (uint8_t)value;
    }
}

int32_t mic_slide_read(mic_slide *slide, int64_t left, int64_t top, int32_t level, int64_t width,
                       int64_t height, const uint8_t background[3], uint32_t *argb,
                       uint8_t *pixels) {
    openslide_read_region(slide->handle, argb, left, top, level, width, height);
    if (openslide_get_error(slide->handle))
        return -1;
    for (int64_t index = 0; index < width * height; index++)
        compose(argb[index], background, pixels + 3 * index);
    return 0;
}
