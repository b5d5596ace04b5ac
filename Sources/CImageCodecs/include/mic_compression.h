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

/* The number of bytes of an element by the header, so that parts begin and end with elements; 0 if the
 * stream is damaged or does not hold `total` bytes. */
size_t mic_blosc_element(const uint8_t *bytes, size_t count, size_t total);

/* Decompresses whole elements of a stream that was found sound: `length` bytes from `start` on. */
int32_t mic_blosc_part(const uint8_t *bytes, size_t start, size_t length, size_t element,
                       uint8_t *result);

size_t mic_blosc_bound(size_t count);
/* shuffle: 0 none, 1 bytes, 2 bits. */
int64_t mic_blosc_compress(const uint8_t *bytes, size_t count, const char *compressor,
                           int32_t level, int32_t shuffle, size_t type_size, uint8_t *result,
                           size_t capacity);

int32_t mic_bz2_decompress(const uint8_t *bytes, size_t count, uint8_t *result, size_t capacity);

size_t mic_bz2_bound(size_t count);
int64_t mic_bz2_compress(const uint8_t *bytes, size_t count, int32_t level, uint8_t *result,
                         size_t capacity);

/* A block of LZ4 behind its size in four bytes, as numcodecs stores it. */
int32_t mic_lz4_decompress(const uint8_t *bytes, size_t count, uint8_t *result, size_t capacity);

/* Blocks of LZ4 with headers, as lz4-java and with it N5 store them. */
int32_t mic_lz4_java_decompress(const uint8_t *bytes, size_t count, uint8_t *result,
                                size_t capacity);

/* Decompression in parts, for streams whose content is not to lie in memory as a whole. */
typedef struct mic_decoder mic_decoder;

typedef enum { MIC_STREAM_DEFLATE, MIC_STREAM_ZSTD, MIC_STREAM_BZ2 } mic_stream_kind;

/* Begins with a stream, which must live as long as the decoder; null without memory. */
mic_decoder *mic_decoder_open(mic_stream_kind kind, const uint8_t *bytes, size_t count);

/* Writes the next bytes of the content, fewer than `capacity` only at its end; -1 if it is damaged. */
int64_t mic_decoder_next(mic_decoder *decoder, uint8_t *result, size_t capacity);

void mic_decoder_close(mic_decoder *decoder);

#endif
