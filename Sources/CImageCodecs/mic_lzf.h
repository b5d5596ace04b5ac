#ifndef MICROSAM_MIC_LZF_H
#define MICROSAM_MIC_LZF_H

#include <stddef.h>
#include <stdint.h>

/* Decodes LZF, the compression that h5py adds to HDF5. Returns the number of bytes written, or 0 if
 * the stream is damaged or `capacity` does not suffice. */
size_t mic_lzf_decode(const uint8_t *bytes, size_t count, uint8_t *result, size_t capacity);

/* Makes LZF known to the HDF5 library; further calls do nothing. */
void mic_lzf_register(void);

#endif
