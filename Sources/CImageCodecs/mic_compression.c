#include "mic_compression.h"
#include <blosc.h>
#include <bzlib.h>
#include <limits.h>
#include <string.h>
#include <zlib.h>
#include <zstd.h>

/* zlib counts in 32 bits: larger buffers are handed over in parts. */
static uInt part(size_t count) { return count > UINT_MAX ? UINT_MAX : (uInt)count; }

static int32_t inflate_with(int window_bits, const uint8_t *bytes, size_t count, uint8_t *result,
                            size_t capacity) {
    z_stream stream;
    memset(&stream, 0, sizeof stream);
    if (inflateInit2(&stream, window_bits) != Z_OK)
        return -1;
    size_t read = 0, written = 0;
    int code = Z_OK;
    while (code == Z_OK) {
        uInt in = part(count - read), out = part(capacity - written);
        stream.next_in = (Bytef *)bytes + read;
        stream.avail_in = in;
        stream.next_out = result + written;
        stream.avail_out = out;
        code = inflate(&stream, Z_NO_FLUSH);
        read += in - stream.avail_in;
        written += out - stream.avail_out;
    }
    inflateEnd(&stream);
    return code == Z_STREAM_END && written == capacity ? 0 : -1;
}

int32_t mic_inflate(const uint8_t *bytes, size_t count, uint8_t *result, size_t capacity) {
    return inflate_with(15 + 32, bytes, count, result, capacity); /* 32: zlib or gzip */
}

size_t mic_deflate_bound(size_t count) { return count + (count >> 8) + 64; }

int64_t mic_deflate(const uint8_t *bytes, size_t count, int32_t is_gzip, int32_t level,
                    uint8_t *result, size_t capacity) {
    z_stream stream;
    memset(&stream, 0, sizeof stream);
    if (deflateInit2(&stream, level, Z_DEFLATED, is_gzip ? 31 : 15, 8, Z_DEFAULT_STRATEGY) != Z_OK)
        return -1;
    size_t read = 0, written = 0;
    int code = Z_OK;
    while (code == Z_OK) {
        uInt in = part(count - read), out = part(capacity - written);
        stream.next_in = (Bytef *)bytes + read;
        stream.avail_in = in;
        stream.next_out = result + written;
        stream.avail_out = out;
        code = deflate(&stream, read + in == count ? Z_FINISH : Z_NO_FLUSH);
        read += in - stream.avail_in;
        written += out - stream.avail_out;
    }
    deflateEnd(&stream);
    return code == Z_STREAM_END ? (int64_t)written : -1;
}

int32_t mic_zstd_decompress(const uint8_t *bytes, size_t count, uint8_t *result, size_t capacity) {
    size_t written = ZSTD_decompress(result, capacity, bytes, count);
    return !ZSTD_isError(written) && written == capacity ? 0 : -1;
}

size_t mic_zstd_bound(size_t count) { return ZSTD_compressBound(count); }

int64_t mic_zstd_compress(const uint8_t *bytes, size_t count, int32_t level, int32_t has_checksum,
                          uint8_t *result, size_t capacity) {
    ZSTD_CCtx *context = ZSTD_createCCtx();
    if (!context)
        return -1;
    ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, level);
    ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, has_checksum);
    size_t written = ZSTD_compress2(context, result, capacity, bytes, count);
    ZSTD_freeCCtx(context);
    return ZSTD_isError(written) ? -1 : (int64_t)written;
}

int32_t mic_blosc_decompress(const uint8_t *bytes, size_t count, uint8_t *result, size_t capacity) {
    size_t claimed = 0;
    if (capacity > INT_MAX || blosc_cbuffer_validate(bytes, count, &claimed) != 0 ||
        claimed != capacity)
        return -1;
    int written = blosc_decompress_ctx(bytes, result, capacity, 1);
    return written >= 0 && (size_t)written == capacity ? 0 : -1;
}

size_t mic_blosc_element(const uint8_t *bytes, size_t count, size_t total) {
    size_t claimed = 0, element = 0;
    int flags = 0;
    if (total > INT_MAX || blosc_cbuffer_validate(bytes, count, &claimed) != 0 || claimed != total)
        return 0;
    blosc_cbuffer_metainfo(bytes, &element, &flags);
    return element;
}

int32_t mic_blosc_part(const uint8_t *bytes, size_t start, size_t length, size_t element,
                       uint8_t *result) {
    int written = blosc_getitem(bytes, (int)(start / element), (int)(length / element), result);
    return written >= 0 && (size_t)written == length ? 0 : -1;
}

size_t mic_blosc_bound(size_t count) { return count + BLOSC_MAX_OVERHEAD; }

int64_t mic_blosc_compress(const uint8_t *bytes, size_t count, const char *compressor,
                           int32_t level, int32_t shuffle, size_t type_size, uint8_t *result,
                           size_t capacity) {
    if (count > BLOSC_MAX_BUFFERSIZE)
        return -1;
    int written = blosc_compress_ctx(level, shuffle, type_size, count, bytes, result, capacity,
                                     compressor, 0, 1);
    return written > 0 ? written : -1;
}

/* libbz2 counts in 32 bits, as zlib does. */
int32_t mic_bz2_decompress(const uint8_t *bytes, size_t count, uint8_t *result, size_t capacity) {
    mic_decoder *decoder = mic_decoder_open(MIC_STREAM_BZ2, bytes, count);
    if (!decoder)
        return -1;
    uint8_t rest;
    int64_t written = mic_decoder_next(decoder, result, capacity);
    int is_whole = written == (int64_t)capacity && mic_decoder_next(decoder, &rest, 1) == 0;
    mic_decoder_close(decoder);
    return is_whole ? 0 : -1;
}

size_t mic_bz2_bound(size_t count) { return count + count / 100 + 600; }

int64_t mic_bz2_compress(const uint8_t *bytes, size_t count, int32_t level, uint8_t *result,
                         size_t capacity) {
    unsigned written = part(capacity);
    if (count > UINT_MAX || level < 1 || level > 9)
        return -1;
    int code = BZ2_bzBuffToBuffCompress((char *)result, &written, (char *)bytes, (unsigned)count,
                                        level, 0, 0);
    return code == BZ_OK ? (int64_t)written : -1;
}
