#include "mic_hdf5_internal.h"
#include "mic_lzf.h"
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

hid_t mic_hdf5_open(const char *path) {
    H5Eset_auto2(H5E_DEFAULT, NULL, NULL); /* errors are not printed */
    H5PLset_loading_state(0);              /* a file cannot ask for a library to be loaded */
    H5Lunregister(H5L_TYPE_EXTERNAL);
    mic_lzf_register();
    hid_t access = H5Pcreate(H5P_FILE_ACCESS);
    /* Files on shared and read-only disks cannot be locked; reading needs no lock. */
    H5Pset_file_locking(access, 0, 1);
    hid_t file = H5Fopen(path, H5F_ACC_RDONLY, access);
    /* External links, external storage and virtual data sets name files of their own: devices and
     * pipes among them, or files that are nobody's business. */
    struct rlimit none = {0, 0};
    return setrlimit(RLIMIT_NOFILE, &none) == 0 ? file : H5I_INVALID_HID;
}

hid_t mic_hdf5_memory_type(hid_t stored, mic_hdf5_info *info) {
    H5T_class_t class = H5Tget_class(stored);
    size_t size = H5Tget_size(stored);
    info->stored_bytes = (int32_t)size;
    info->is_float = class == H5T_FLOAT;
    if (class == H5T_FLOAT) {
        info->is_signed = 1;
        info->memory_bytes = size <= 4 ? 4 : 8;
        return size <= 8 ? H5Tcopy(size <= 4 ? H5T_NATIVE_FLOAT : H5T_NATIVE_DOUBLE)
                         : H5I_INVALID_HID;
    }
    if (class == H5T_ENUM && size == 1) { /* truth values, as h5py writes them */
        info->memory_bytes = 1;
        return H5Tcopy(stored);
    }
    if (class != H5T_INTEGER || size == 0 || size > 8)
        return H5I_INVALID_HID;
    info->is_signed = H5Tget_sign(stored) == H5T_SGN_2;
    info->memory_bytes = size == 1 ? 1 : size == 2 ? 2 : size <= 4 ? 4 : 8;
    switch (info->memory_bytes) {
    case 1:
        return H5Tcopy(info->is_signed ? H5T_NATIVE_INT8 : H5T_NATIVE_UINT8);
    case 2:
        return H5Tcopy(info->is_signed ? H5T_NATIVE_INT16 : H5T_NATIVE_UINT16);
    case 4:
        return H5Tcopy(info->is_signed ? H5T_NATIVE_INT32 : H5T_NATIVE_UINT32);
    default:
        return H5Tcopy(info->is_signed ? H5T_NATIVE_INT64 : H5T_NATIVE_UINT64);
    }
}

static int describe_shape(hid_t data_set, mic_hdf5_info *info) {
    hid_t space = H5Dget_space(data_set);
    hsize_t shape[H5S_MAX_RANK];
    info->rank = H5Sget_simple_extent_ndims(space);
    int is_usable = info->rank >= 0 && info->rank <= MIC_HDF5_MAX_RANK &&
                    H5Sget_simple_extent_dims(space, shape, NULL) >= 0;
    H5Sclose(space);
    for (int32_t axis = 0; is_usable && axis < info->rank; axis++)
        info->shape[axis] = info->chunk_shape[axis] = shape[axis];
    return is_usable;
}

/* Where the values lie; an error if that is in other files. */
static int32_t describe_layout(hid_t data_set, mic_hdf5_info *info) {
    hsize_t chunk[H5S_MAX_RANK];
    hid_t properties = H5Dget_create_plist(data_set);
    H5D_layout_t layout = H5Pget_layout(properties);
    int is_elsewhere = layout == H5D_VIRTUAL || H5Pget_external_count(properties) > 0;
    if (layout == H5D_CHUNKED && H5Pget_chunk(properties, MIC_HDF5_MAX_RANK, chunk) == info->rank)
        for (int32_t axis = 0; axis < info->rank; axis++)
            info->chunk_shape[axis] = chunk[axis];
    H5Pclose(properties);
    H5D_space_status_t space = H5D_SPACE_STATUS_ERROR;
    info->is_empty = H5Dget_space_status(data_set, &space) >= 0 &&
                     space == H5D_SPACE_STATUS_NOT_ALLOCATED;
    return is_elsewhere ? MIC_HDF5_IS_ELSEWHERE : 0;
}

int32_t mic_hdf5_describe_values(hid_t data_set, mic_hdf5_info *info) {
    memset(info, 0, sizeof *info);
    hid_t stored = H5Dget_type(data_set);
    hid_t memory = mic_hdf5_memory_type(stored, info);
    int32_t result = memory >= 0 && describe_shape(data_set, info)
                         ? describe_layout(data_set, info)
                         : MIC_HDF5_FAILED;
    if (memory >= 0)
        H5Tclose(memory);
    if (stored >= 0)
        H5Tclose(stored);
    return result;
}

/* MARK: attributes */

/* An open attribute of some elements of a class; invalid if there is none such. */
static hid_t open_attribute(hid_t data_set, const char *name, H5T_class_t class, size_t most,
                            size_t *count) {
    if (H5Aexists(data_set, name) <= 0)
        return H5I_INVALID_HID;
    hid_t attribute = H5Aopen(data_set, name, H5P_DEFAULT);
    if (attribute < 0)
        return H5I_INVALID_HID;
    hid_t space = H5Aget_space(attribute), type = H5Aget_type(attribute);
    hssize_t found = space >= 0 ? H5Sget_simple_extent_npoints(space) : 0;
    int is_usable = found > 0 && (size_t)found <= most && type >= 0 && H5Tget_class(type) == class;
    if (space >= 0)
        H5Sclose(space);
    if (type >= 0)
        H5Tclose(type);
    if (is_usable) {
        *count = (size_t)found;
        return attribute;
    }
    H5Aclose(attribute);
    return H5I_INVALID_HID;
}

/* Adds a text and a line end; 0 if there is no room for both and the end, or it is more than a line. */
static int append(char *text, size_t capacity, const char *line, size_t length) {
    size_t used = strlen(text);
    if (length + 2 > capacity - used || memchr(line, '\n', length))
        return 0;
    memcpy(text + used, line, length);
    text[used + length] = '\n';
    text[used + length + 1] = 0;
    return 1;
}

/* Reads strings, one a line; leaves the text empty if they are missing or do not fit. */
static void read_strings(hid_t data_set, const char *name, char *text, size_t capacity) {
    enum { most_strings = MIC_HDF5_MAX_RANK, most_bytes = 16384 };
    size_t count = 0;
    hid_t attribute = open_attribute(data_set, name, H5T_STRING, most_strings, &count);
    if (attribute < 0)
        return;
    hid_t stored = H5Aget_type(attribute), memory = H5Tcopy(H5T_C_S1);
    size_t size = H5Tget_size(stored);
    int is_complete = 1;
    H5Tset_cset(memory, H5Tget_cset(stored));
    if (H5Tis_variable_str(stored) > 0) {
        char *strings[most_strings] = {0};
        H5Tset_size(memory, H5T_VARIABLE);
        is_complete = H5Aread(attribute, memory, strings) >= 0;
        for (size_t index = 0; is_complete && index < count; index++)
            is_complete = append(text, capacity, strings[index] ? strings[index] : "",
                                 strings[index] ? strnlen(strings[index], capacity) : 0);
    } else if (size > 0 && size <= most_bytes / count) {
        static char bytes[most_bytes];
        is_complete = H5Aread(attribute, stored, bytes) >= 0;
        for (size_t index = 0; is_complete && index < count; index++)
            is_complete = append(text, capacity, bytes + index * size,
                                 strnlen(bytes + index * size, size));
    }
    if (!is_complete)
        text[0] = 0;
}

static void read_numbers(hid_t data_set, const char *name, double *numbers, int32_t *count) {
    size_t found = 0;
    hid_t attribute = open_attribute(data_set, name, H5T_FLOAT, MIC_HDF5_MAX_RANK, &found);
    if (attribute < 0)
        attribute = open_attribute(data_set, name, H5T_INTEGER, MIC_HDF5_MAX_RANK, &found);
    if (attribute >= 0 && H5Aread(attribute, H5T_NATIVE_DOUBLE, numbers) >= 0)
        *count = (int32_t)found;
}

/* Reads the names of the dimension scales, as netCDF and h5py attach them, one a line; leaves the text empty if a
   dimension has none, or they do not fit. */
static void read_scale_names(hid_t data_set, char *text, size_t capacity) {
    hvl_t scales[MIC_HDF5_MAX_RANK];
    size_t count = 0;
    hid_t attribute =
        open_attribute(data_set, "DIMENSION_LIST", H5T_VLEN, MIC_HDF5_MAX_RANK, &count);
    if (attribute < 0)
        return;
    hid_t type = H5Tvlen_create(H5T_STD_REF_OBJ), space = H5Aget_space(attribute);
    if (type < 0 || space < 0 || H5Aread(attribute, type, scales) < 0)
        return;
    int is_complete = 1;
    for (size_t index = 0; is_complete && index < count; index++) {
        char path[256] = "";
        hid_t scale = scales[index].len > 0 ? H5Rdereference2(data_set, H5P_DEFAULT, H5R_OBJECT,
                                                             scales[index].p)
                                            : H5I_INVALID_HID;
        ssize_t length = scale >= 0 ? H5Iget_name(scale, path, sizeof path) : 0;
        const char *name = strrchr(path, '/');
        is_complete = length > 0 && (size_t)length < sizeof path && name != NULL &&
                      append(text, capacity, name + 1, strlen(name + 1));
        if (scale >= 0)
            H5Oclose(scale);
    }
    H5Dvlen_reclaim(type, space, H5P_DEFAULT, scales);
    if (!is_complete)
        text[0] = 0;
}

void mic_hdf5_describe_attributes(hid_t data_set, mic_hdf5_info *info) {
    info->is_column_major = H5Aexists(data_set, "MATLAB_class") > 0;
    read_strings(data_set, "axistags", info->axis_tags, sizeof info->axis_tags);
    read_strings(data_set, "DIMENSION_LABELS", info->dimension_labels,
                 sizeof info->dimension_labels);
    if (info->dimension_labels[0] == 0)
        read_scale_names(data_set, info->dimension_labels, sizeof info->dimension_labels);
    read_numbers(data_set, "element_size_um", info->element_size, &info->element_size_count);
}
