#ifndef MICROSAM_MIC_COMPRESSION_H
#define MICROSAM_MIC_COMPRESSION_H

#include <stddef.h>
#include <stdint.h>

/* Compression of blocks of memory. Decompression fails (-1) if the stream is damaged or does not
 * give exactly `capacity` bytes. Compression returns the number of bytes written, or -1 if
 * `capacity` (at least the bound) does not suffice. */

/* zlib and gzip streams, told apart by their first bytes. */
int32_t mic_inflate(const uint8_t *bytes, size_t count, uint8_t *result, size_t capacity);

size_t mic_deflate_bound(size_t count);
int64_t mic_deflate(const uint8_t *bytes, size_t count, int32_t is_gzip, int32_t level,
                    uint8_t *result, size_t capacity);

int32_t mic_zstd_decompress(const uint8_t *bytes, size_t count, uint8_t *result, size_t capacity);

size_t mic_zstd_bound(size_t count);
int64_t mic_zstd_compress(const uint8_t *bytes, size_t count, int32_t level, int32_t has_checksum,
                          uint8_t *result, size_t capacity);

int32_t mic_blosc_decompress(const uint8_t *bytes, size_t count, uint8_t *result, size_t capacity);

size_t mic_blosc_bound(size_t count);
/* shuffle: 0 none, 1 bytes, 2 bits. */
int64_t mic_blosc_compress(const uint8_t *bytes, size_t count, const char *compressor,
                           int32_t level, int32_t shuffle, size_t type_size, uint8_t *result,
                           size_t capacity);

#endif
