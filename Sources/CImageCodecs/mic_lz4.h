#ifndef MICROSAM_MIC_LZ4_H
#define MICROSAM_MIC_LZ4_H

#include <stddef.h>
#include <stdint.h>

/* Decodes a block of LZ4; -1 unless it gives exactly `capacity` bytes. */
int32_t mic_lz4_block(const uint8_t *bytes, size_t count, uint8_t *result, size_t capacity);

#endif
