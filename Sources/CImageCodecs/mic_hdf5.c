#include "mic_hdf5.h"
#include "mic_lzf.h"
#include <hdf5.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct mic_hdf5 {
    hid_t file;
    char message[256];
};

static int32_t fail(mic_hdf5 *file, const char *text) {
    snprintf(file->message, sizeof file->message, "%s", text);
    return -1;
}

/* Keeps the innermost reason, which is the first that the library reports. */
static herr_t keep_reason(unsigned position, const H5E_error2_t *error, void *user) {
    mic_hdf5 *file = user;
    if (position == 0 && error->desc)
        snprintf(file->message, sizeof file->message, "%s", error->desc);
    return 0;
}

static int32_t fail_with_reason(mic_hdf5 *file, const char *otherwise) {
    file->message[0] = 0;
    H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, keep_reason, file);
    return file->message[0] ? -1 : fail(file, otherwise);
}

mic_hdf5 *mic_hdf5_new(void) {
    H5Eset_auto2(H5E_DEFAULT, NULL, NULL); /* errors are not printed */
    mic_lzf_register();
    mic_hdf5 *file = calloc(1, sizeof *file);
    if (file)
        file->file = H5I_INVALID_HID;
    return file;
}

void mic_hdf5_free(mic_hdf5 *file) {
    if (!file)
        return;
    if (file->file >= 0)
        H5Fclose(file->file);
    free(file);
}

const char *mic_hdf5_message(const mic_hdf5 *file) { return file->message; }

int32_t mic_hdf5_open(mic_hdf5 *file, const char *path) {
    hid_t access = H5Pcreate(H5P_FILE_ACCESS);
    /* Files on shared and read-only disks can not be locked; reading needs no lock. */
    H5Pset_file_locking(access, 0, 1);
    H5Pset_fclose_degree(access, H5F_CLOSE_STRONG);
    file->file = H5Fopen(path, H5F_ACC_RDONLY, access);
    H5Pclose(access);
    return file->file >= 0 ? 0 : fail_with_reason(file, "not an HDF5 file that can be read");
}

/* The type of elements in memory; invalid for what are no numbers. */
static hid_t memory_type(hid_t stored, mic_hdf5_info *info) {
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

static void describe_chunks(hid_t data_set, mic_hdf5_info *info) {
    hsize_t chunk[H5S_MAX_RANK];
    hid_t properties = H5Dget_create_plist(data_set);
    if (H5Pget_layout(properties) == H5D_CHUNKED &&
        H5Pget_chunk(properties, MIC_HDF5_MAX_RANK, chunk) == info->rank)
        for (int32_t axis = 0; axis < info->rank; axis++)
            info->chunk_shape[axis] = chunk[axis];
    H5Pclose(properties);
}

int32_t mic_hdf5_describe(mic_hdf5 *file, const char *name, mic_hdf5_info *info) {
    memset(info, 0, sizeof *info);
    hid_t data_set = H5Dopen2(file->file, name, H5P_DEFAULT);
    if (data_set < 0)
        return fail(file, "no such data set");
    hid_t stored = H5Dget_type(data_set);
    hid_t memory = memory_type(stored, info);
    int is_usable = memory >= 0 && describe_shape(data_set, info);
    if (is_usable) {
        describe_chunks(data_set, info);
        info->storage_size = H5Dget_storage_size(data_set);
    }
    if (memory >= 0)
        H5Tclose(memory);
    H5Tclose(stored);
    H5Dclose(data_set);
    return is_usable ? 0 : fail(file, "a data set of something else than numbers");
}

struct name_list {
    mic_hdf5 *file;
    char *names;
    size_t length, capacity;
    int32_t count;
};

static herr_t add_name(hid_t root, const char *name, const H5O_info_t *object, void *user) {
    (void)root;
    struct name_list *list = user;
    mic_hdf5_info info;
    if (object->type != H5O_TYPE_DATASET || mic_hdf5_describe(list->file, name, &info) != 0)
        return 0;
    list->count++;
    size_t length = strlen(name);
    if (list->length + length + 2 <= list->capacity) {
        memcpy(list->names + list->length, name, length);
        list->length += length;
        list->names[list->length++] = '\n';
        list->names[list->length] = 0;
    }
    return 0;
}

int32_t mic_hdf5_list(mic_hdf5 *file, char *names, size_t capacity) {
    struct name_list list = {file, names, 0, capacity, 0};
    if (capacity > 0)
        names[0] = 0;
    if (H5Ovisit2(file->file, H5_INDEX_NAME, H5_ITER_INC, add_name, &list, H5O_INFO_BASIC) < 0)
        return fail_with_reason(file, "the contents can not be listed");
    return list.count;
}

int32_t mic_hdf5_read(mic_hdf5 *file, const char *name, const mic_hdf5_info *info,
                      const uint64_t *start, const uint64_t *count, void *buffer) {
    hsize_t from[MIC_HDF5_MAX_RANK], sides[MIC_HDF5_MAX_RANK];
    for (int32_t axis = 0; axis < info->rank; axis++) {
        from[axis] = start[axis];
        sides[axis] = count[axis];
    }
    mic_hdf5_info now;
    hid_t data_set = H5Dopen2(file->file, name, H5P_DEFAULT);
    if (data_set < 0)
        return fail(file, "no such data set");
    hid_t stored = H5Dget_type(data_set);
    hid_t type = memory_type(stored, &now);
    hid_t file_space = H5Dget_space(data_set);
    hid_t memory_space = H5Screate_simple(info->rank, sides, NULL);
    int is_read = type >= 0 && now.memory_bytes == info->memory_bytes &&
                  H5Sget_simple_extent_ndims(file_space) == info->rank &&
                  (info->rank == 0 ||
                   H5Sselect_hyperslab(file_space, H5S_SELECT_SET, from, NULL, sides, NULL) >= 0) &&
                  H5Dread(data_set, type, memory_space, file_space, H5P_DEFAULT, buffer) >= 0;
    int32_t result = is_read ? 0 : fail_with_reason(file, "the data can not be decoded");
    H5Sclose(memory_space);
    H5Sclose(file_space);
    if (type >= 0)
        H5Tclose(type);
    H5Tclose(stored);
    H5Dclose(data_set);
    return result;
}
