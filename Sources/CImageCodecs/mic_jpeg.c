#include "mic_jpeg.h"
#include <stdio.h>
#include <turbojpeg.h>

static int32_t finish(tjhandle decoder, int failed, char *message, size_t capacity) {
    if (failed)
        snprintf(message, capacity, "%s", tjGetErrorStr2(decoder));
    tjDestroy(decoder);
    return failed ? -1 : 0;
}

int32_t mic_jpeg_read_header(const uint8_t *bytes, size_t count, mic_jpeg_header *header,
                             char *message, size_t capacity) {
    tjhandle decoder = tjInitDecompress();
    if (!decoder) {
        snprintf(message, capacity, "out of memory");
        return -1;
    }
    int subsampling = 0, colour = 0;
    int failed = tjDecompressHeader3(decoder, bytes, count, &header->width, &header->height,
                                     &subsampling, &colour) != 0;
    header->samples = colour == TJCS_GRAY ? 1 : colour == TJCS_CMYK || colour == TJCS_YCCK ? 4 : 3;
    return finish(decoder, failed, message, capacity);
}

int32_t mic_jpeg_decode(const uint8_t *bytes, size_t count, const mic_jpeg_header *header,
                        uint8_t *pixels, char *message, size_t capacity) {
    tjhandle decoder = tjInitDecompress();
    if (!decoder) {
        snprintf(message, capacity, "out of memory");
        return -1;
    }
    int format = header->samples == 1 ? TJPF_GRAY : header->samples == 4 ? TJPF_CMYK : TJPF_RGB;
    /* A warning means that pixels were invented; a scan limit stops streams made to waste time. */
    int failed = tjDecompress2(decoder, bytes, count, pixels, header->width, 0, header->height,
                               format, TJFLAG_STOPONWARNING | TJFLAG_LIMITSCANS) != 0;
    return finish(decoder, failed, message, capacity);
}
