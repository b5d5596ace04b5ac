#include "mic_lzf.h"
#include <hdf5.h>
#include <stdlib.h>

/* A control byte below 32 is followed by that many bytes and one more, to be copied. Otherwise its
 * upper three bits are a length (7: a byte with the rest of it follows), its lower five and the next
 * byte a distance back in the result; the length is two more than written. */
size_t mic_lzf_decode(const uint8_t *bytes, size_t count, uint8_t *result, size_t capacity) {
    size_t read = 0, written = 0;
    while (read < count) {
        size_t control = bytes[read++];
        if (control < 32) {
            size_t length = control + 1;
            if (length > count - read || length > capacity - written)
                return 0;
            for (; length > 0; length--)
                result[written++] = bytes[read++];
            continue;
        }
        size_t length = control >> 5;
        if (length == 7) {
            if (read >= count)
                return 0;
            length += bytes[read++];
        }
        length += 2;
        if (read >= count)
            return 0;
        size_t distance = ((control & 31) << 8 | bytes[read++]) + 1;
        if (distance > written || length > capacity - written)
            return 0;
        for (; length > 0; length--, written++)
            result[written] = result[written - distance];
    }
    return written;
}

enum { lzf_filter = 32000, most_bytes = 1 << 30 };

/* The third value that h5py stores with the filter is the size of a chunk. */
static size_t filter(unsigned flags, size_t value_count, const unsigned values[], size_t count,
                     size_t *capacity, void **buffer) {
    if (!(flags & H5Z_FLAG_REVERSE))
        return 0;
    size_t size = value_count > 2 && values[2] > 0 ? values[2] : *capacity;
    if (size == 0 || size > most_bytes)
        return 0;
    uint8_t *result = malloc(size);
    if (!result)
        return 0;
    size_t written = mic_lzf_decode(*buffer, count, result, size);
    if (written == 0) {
        free(result);
        return 0;
    }
    free(*buffer);
    *buffer = result;
    *capacity = size;
    return written;
}

void mic_lzf_register(void) {
    static const H5Z_class2_t description = {.version = H5Z_CLASS_T_VERS,
                                             .id = lzf_filter,
                                             .encoder_present = 0,
                                             .decoder_present = 1,
                                             .name = "lzf",
                                             .filter = filter};
    if (H5Zfilter_avail(lzf_filter) <= 0)
        H5Zregister(&description);
}
