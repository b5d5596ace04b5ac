#ifndef MICROSAM_MIC_JPEG_H
#define MICROSAM_MIC_JPEG_H

#include <stddef.h>
#include <stdint.h>

typedef struct {
    int32_t width, height;
    int32_t samples; /* per pixel after decoding: 1 grey, 3 RGB, 4 CMYK as stored */
} mic_jpeg_header;

/* Reads the header of a JPEG stream. `message` receives the reason of a failure. */
int32_t mic_jpeg_read_header(const uint8_t *bytes, size_t count, mic_jpeg_header *header,
                             char *message, size_t capacity);

/* Decodes into `pixels`, width * height * samples bytes. A stream that ends early fails. */
int32_t mic_jpeg_decode(const uint8_t *bytes, size_t count, const mic_jpeg_header *header,
                        uint8_t *pixels, char *message, size_t capacity);

#endif
