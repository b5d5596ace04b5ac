#include "mic_lz4.h"
#include "mic_compression.h"
#include <string.h>

/* A length of 15 goes on in the bytes that follow, up to one that is not 255. */
static int long_length(const uint8_t *bytes, size_t count, size_t *read, size_t *length) {
    if (*length != 15)
        return 1;
    uint8_t more;
    do {
        if (*read >= count)
            return 0;
        more = bytes[(*read)++];
        *length += more;
    } while (more == 255);
    return 1;
}

/* Each sequence is a byte with two lengths, literals to be copied, a distance back in the result, and
 * four bytes more to be copied from there than its length says. The last one ends with its literals. */
int32_t mic_lz4_block(const uint8_t *bytes, size_t count, uint8_t *result, size_t capacity) {
    size_t read = 0, written = 0;
    while (read < count) {
        size_t literals = bytes[read] >> 4, length = bytes[read] & 15;
        read++;
        if (!long_length(bytes, count, &read, &literals) || literals > count - read ||
            literals > capacity - written)
            return -1;
        memcpy(result + written, bytes + read, literals);
        read += literals;
        written += literals;
        if (read == count)
            break;
        if (count - read < 2)
            return -1;
        size_t distance = bytes[read] | (size_t)bytes[read + 1] << 8;
        read += 2;
        if (!long_length(bytes, count, &read, &length) || distance == 0 || distance > written)
            return -1;
        length += 4;
        if (length > capacity - written)
            return -1;
        for (; length > 0; length--, written++)
            result[written] = result[written - distance];
    }
    return written == capacity ? 0 : -1;
}

static size_t number(const uint8_t *bytes) {
    return bytes[0] | (size_t)bytes[1] << 8 | (size_t)bytes[2] << 16 | (size_t)bytes[3] << 24;
}

int32_t mic_lz4_decompress(const uint8_t *bytes, size_t count, uint8_t *result, size_t capacity) {
    if (count < 4 || number(bytes) != capacity)
        return -1;
    return mic_lz4_block(bytes + 4, count - 4, result, capacity);
}

int32_t mic_lz4_java_decompress(const uint8_t *bytes, size_t count, uint8_t *result,
                                size_t capacity) {
    enum { header = 21, method_raw = 0x10, method_lz4 = 0x20 };
    size_t read = 0, written = 0;
    while (count - read >= header && memcmp(bytes + read, "LZ4Block", 8) == 0) {
        int method = bytes[read + 8] & 0xF0;
        size_t packed = number(bytes + read + 9), size = number(bytes + read + 13);
        read += header;
        if (size == 0) /* the mark of the end */
            break;
        if (packed > count - read || size > capacity - written)
            return -1;
        if (method == method_raw && packed == size)
            memcpy(result + written, bytes + read, size);
        else if (method != method_lz4 ||
                 mic_lz4_block(bytes + read, packed, result + written, size) != 0)
            return -1;
        read += packed;
        written += size;
    }
    return written == capacity ? 0 : -1;
}
