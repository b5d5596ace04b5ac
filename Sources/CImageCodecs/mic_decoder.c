#include "mic_compression.h"
#include <bzlib.h>
#include <limits.h>
#include <stdlib.h>
#include <zlib.h>
#include <zstd.h>

struct mic_decoder {
    mic_stream_kind kind;
    const uint8_t *bytes;
    size_t count, read;
    int is_at_end;
    z_stream deflate;
    bz_stream bz2;
    ZSTD_DCtx *zstd;
};

/* The libraries count in 32 bits: larger buffers are handed over in parts. */
static unsigned part(size_t count) { return count > UINT_MAX ? UINT_MAX : (unsigned)count; }

mic_decoder *mic_decoder_open(mic_stream_kind kind, const uint8_t *bytes, size_t count) {
    mic_decoder *decoder = calloc(1, sizeof *decoder);
    if (!decoder)
        return NULL;
    decoder->kind = kind;
    decoder->bytes = bytes;
    decoder->count = count;
    int is_ready = 0;
    switch (kind) {
    case MIC_STREAM_DEFLATE:
        is_ready = inflateInit2(&decoder->deflate, 15 + 32) == Z_OK; /* 32: zlib or gzip */
        break;
    case MIC_STREAM_ZSTD:
        is_ready = (decoder->zstd = ZSTD_createDCtx()) != NULL;
        break;
    case MIC_STREAM_BZ2:
        is_ready = BZ2_bzDecompressInit(&decoder->bz2, 0, 0) == BZ_OK;
        break;
    }
    if (is_ready)
        return decoder;
    free(decoder);
    return NULL;
}

/* Each decodes once; -1 for damage, else the number of bytes written, which is 0 too if the stream ends
 * or lacks bytes. */

static int64_t next_deflate(mic_decoder *decoder, uint8_t *result, size_t capacity) {
    z_stream *stream = &decoder->deflate;
    uInt in = part(decoder->count - decoder->read), out = part(capacity);
    stream->next_in = (Bytef *)decoder->bytes + decoder->read;
    stream->avail_in = in;
    stream->next_out = result;
    stream->avail_out = out;
    int code = inflate(stream, Z_NO_FLUSH);
    decoder->read += in - stream->avail_in;
    decoder->is_at_end = code == Z_STREAM_END;
    return code == Z_OK || code == Z_STREAM_END ? (int64_t)(out - stream->avail_out) : -1;
}

static int64_t next_zstd(mic_decoder *decoder, uint8_t *result, size_t capacity) {
    ZSTD_inBuffer in = {decoder->bytes, decoder->count, decoder->read};
    ZSTD_outBuffer out = {result, capacity, 0};
    size_t code = ZSTD_decompressStream(decoder->zstd, &out, &in);
    decoder->read = in.pos;
    /* Several frames may follow each other. */
    decoder->is_at_end = code == 0 && in.pos == in.size;
    return ZSTD_isError(code) ? -1 : (int64_t)out.pos;
}

static int64_t next_bz2(mic_decoder *decoder, uint8_t *result, size_t capacity) {
    bz_stream *stream = &decoder->bz2;
    unsigned in = part(decoder->count - decoder->read), out = part(capacity);
    stream->next_in = (char *)decoder->bytes + decoder->read;
    stream->avail_in = in;
    stream->next_out = (char *)result;
    stream->avail_out = out;
    int code = BZ2_bzDecompress(stream);
    decoder->read += in - stream->avail_in;
    decoder->is_at_end = code == BZ_STREAM_END;
    return code == BZ_OK || code == BZ_STREAM_END ? (int64_t)(out - stream->avail_out) : -1;
}

int64_t mic_decoder_next(mic_decoder *decoder, uint8_t *result, size_t capacity) {
    size_t written = 0;
    while (written < capacity && !decoder->is_at_end) {
        size_t before = decoder->read;
        int64_t count;
        switch (decoder->kind) {
        case MIC_STREAM_DEFLATE:
            count = next_deflate(decoder, result + written, capacity - written);
            break;
        case MIC_STREAM_ZSTD:
            count = next_zstd(decoder, result + written, capacity - written);
            break;
        default:
            count = next_bz2(decoder, result + written, capacity - written);
        }
        if (count < 0 || (count == 0 && decoder->read == before && !decoder->is_at_end))
            return -1;
        written += (size_t)count;
    }
    return (int64_t)written;
}

void mic_decoder_close(mic_decoder *decoder) {
    switch (decoder->kind) {
    case MIC_STREAM_DEFLATE:
        inflateEnd(&decoder->deflate);
        break;
    case MIC_STREAM_ZSTD:
        ZSTD_freeDCtx(decoder->zstd);
        break;
    case MIC_STREAM_BZ2:
        BZ2_bzDecompressEnd(&decoder->bz2);
        break;
    }
    free(decoder);
}
