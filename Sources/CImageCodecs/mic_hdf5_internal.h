#ifndef MICROSAM_MIC_HDF5_INTERNAL_H
#define MICROSAM_MIC_HDF5_INTERNAL_H

#include "mic_hdf5.h"
#include <hdf5.h>

/* What the child process knows of one data set; for use in that process only. */

/* Opens a file, and makes sure that nothing else can be opened from then on. */
hid_t mic_hdf5_open(const char *path);

/* The type of elements in memory, described in `info`; invalid for what are no numbers. */
hid_t mic_hdf5_memory_type(hid_t stored, mic_hdf5_info *info);

/* Describes an open data set without its attributes; 0, or an error. */
int32_t mic_hdf5_describe_values(hid_t data_set, mic_hdf5_info *info);

/* Adds what its attributes say. Attributes that cannot be read count as missing. */
void mic_hdf5_describe_attributes(hid_t data_set, mic_hdf5_info *info);

#endif
