#ifndef MICROSAM_MIC_SLIDE_H
#define MICROSAM_MIC_SLIDE_H

#include <stddef.h>
#include <stdint.h>

/* One whole-slide image, over OpenSlide. Regions may be read from several threads at a time. */
typedef struct mic_slide mic_slide;

/* The vendor of the slide, such as `aperio`; null if the file is none. Plain tiled TIFF is none. */
const char *mic_slide_vendor(const char *path);

/* out: +1, release with mic_slide_free; null without memory. A failure is told by
 * mic_slide_message. */
mic_slide *mic_slide_open(const char *path);

/* Closes the slide. Null is ignored. */
void mic_slide_free(mic_slide *slide);

/* The reason of the last failure; null without one. After a failure nothing can be read any more. */
const char *mic_slide_message(mic_slide *slide);

/* Number of resolution levels; -1 after a failure. */
int32_t mic_slide_levels(mic_slide *slide);

/* Width and height of a level, and how many times it is smaller than level 0. */
int32_t mic_slide_level(mic_slide *slide, int32_t level, int64_t *width, int64_t *height,
                        double *downsample);

/* A property of the slide, or null; lives as long as the slide. */
const char *mic_slide_property(mic_slide *slide, const char *name);

/* Reads a region into `pixels`, three bytes each; `left` and `top` count in pixels of level 0. `argb`
 * is room for width * height numbers. What was never recorded is `background`. */
int32_t mic_slide_read(mic_slide *slide, int64_t left, int64_t top, int32_t level, int64_t width,
                       int64_t height, const uint8_t background[3], uint32_t *argb,
                       uint8_t *pixels);

#endif
