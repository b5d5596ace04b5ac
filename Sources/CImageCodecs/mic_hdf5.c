#include "mic_hdf5.h"
#include "mic_isolated.h"
#include "mic_lzf.h"
#include <hdf5.h>
#include <stdio.h>
#include <string.h>

/* What a child process is asked to do. */
struct request {
    const char *path, *name;
    const mic_hdf5_info *info;
    const uint64_t *start, *count;
    size_t capacity;
};

static void fail(mic_isolated_header *header, const char *text) {
    header->result = -1;
    snprintf(header->message, sizeof header->message, "%s", text);
}

/* Keeps the innermost reason, which is the first that the library reports. */
static herr_t keep_reason(unsigned position, const H5E_error2_t *error, void *user) {
    if (position == 0 && error->desc)
        fail(user, error->desc);
    return 0;
}

static void fail_with_reason(mic_isolated_header *header, const char *otherwise) {
    fail(header, otherwise);
    H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, keep_reason, header);
}

/* Opens a file in the child; everything is closed by its end. */
static hid_t open_file(mic_isolated_header *header, const char *path) {
    H5Eset_auto2(H5E_DEFAULT, NULL, NULL); /* errors are not printed */
    H5PLset_loading_state(0);              /* a file can not ask for a library to be loaded */
    mic_lzf_register();
    hid_t access = H5Pcreate(H5P_FILE_ACCESS);
    /* Files on shared and read-only disks can not be locked; reading needs no lock. */
    H5Pset_file_locking(access, 0, 1);
    hid_t file = H5Fopen(path, H5F_ACC_RDONLY, access);
    if (file < 0)
        fail_with_reason(header, "not an HDF5 file that can be read");
    return file;
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

/* Describes a data set; 0 for something else. */
static int describe(hid_t file, const char *name, mic_hdf5_info *info) {
    memset(info, 0, sizeof *info);
    hid_t data_set = H5Dopen2(file, name, H5P_DEFAULT);
    if (data_set < 0)
        return 0;
    hid_t stored = H5Dget_type(data_set);
    hid_t memory = memory_type(stored, info);
    int is_usable = memory >= 0 && describe_shape(data_set, info);
    if (is_usable)
        describe_chunks(data_set, info);
    if (memory >= 0)
        H5Tclose(memory);
    H5Tclose(stored);
    H5Dclose(data_set);
    return is_usable;
}

struct name_list {
    hid_t file;
    char *names;
    size_t length, capacity;
    int32_t count;
};

static herr_t add_name(hid_t root, const char *name, const H5O_info_t *object, void *user) {
    (void)root;
    struct name_list *list = user;
    mic_hdf5_info info;
    if (object->type != H5O_TYPE_DATASET || !describe(list->file, name, &info))
        return 0;
    list->count++;
    size_t length = strlen(name);
    if (list->length + length + 2 <= list->capacity) {
        memcpy(list->names + list->length, name, length);
        list->length += length;
        list->names[list->length++] = '\n';
    }
    return 0;
}

static void list_names(mic_isolated_header *header, void *payload, void *argument) {
    struct request *request = argument;
    hid_t file = open_file(header, request->path);
    if (file < 0)
        return;
    struct name_list list = {file, payload, 0, request->capacity, 0};
    if (H5Ovisit2(file, H5_INDEX_NAME, H5_ITER_INC, add_name, &list, H5O_INFO_BASIC) < 0)
        fail_with_reason(header, "the contents can not be listed");
    else
        header->result = list.count;
}

static void describe_one(mic_isolated_header *header, void *payload, void *argument) {
    struct request *request = argument;
    hid_t file = open_file(header, request->path);
    if (file >= 0 && !describe(file, request->name, payload))
        fail(header, "no data set of numbers of this name");
}

static int is_same(const mic_hdf5_info *one, const mic_hdf5_info *other) {
    return one->rank == other->rank && one->memory_bytes == other->memory_bytes &&
           one->is_float == other->is_float && one->is_signed == other->is_signed &&
           memcmp(one->shape, other->shape, sizeof one->shape) == 0;
}

static void read_block(mic_isolated_header *header, void *payload, void *argument) {
    struct request *request = argument;
    const mic_hdf5_info *info = request->info;
    hid_t file = open_file(header, request->path);
    if (file < 0)
        return;
    mic_hdf5_info now;
    if (!describe(file, request->name, &now) || !is_same(&now, info)) {
        fail(header, "the file has changed since it was opened");
        return;
    }
    hsize_t start[MIC_HDF5_MAX_RANK], count[MIC_HDF5_MAX_RANK];
    for (int32_t axis = 0; axis < info->rank; axis++) {
        start[axis] = request->start[axis];
        count[axis] = request->count[axis];
    }
    hid_t data_set = H5Dopen2(file, request->name, H5P_DEFAULT);
    hid_t type = memory_type(H5Dget_type(data_set), &now);
    hid_t stored_space = H5Dget_space(data_set);
    hid_t memory_space = H5Screate_simple(info->rank, count, NULL);
    if ((info->rank > 0 &&
         H5Sselect_hyperslab(stored_space, H5S_SELECT_SET, start, NULL, count, NULL) < 0) ||
        H5Dread(data_set, type, memory_space, stored_space, H5P_DEFAULT, payload) < 0)
        fail_with_reason(header, "the data can not be decoded");
}

/* Runs a request in a child and copies its payload if it succeeded. */
static int32_t run(struct request *request, unsigned seconds,
                   void (*body)(mic_isolated_header *, void *, void *), void *result, size_t bytes,
                   mic_hdf5_message *message) {
    mic_isolated_header *header = mic_isolated_run(bytes, seconds, body, request);
    if (!header) {
        snprintf(message->text, sizeof message->text, "out of memory");
        return -1;
    }
    int32_t code = header->result;
    memcpy(message->text, header->message, sizeof message->text);
    if (code >= 0)
        memcpy(result, mic_isolated_payload(header), bytes);
    mic_isolated_release(header, bytes);
    return code;
}

int32_t mic_hdf5_list(const char *path, char *names, size_t capacity, mic_hdf5_message *message) {
    struct request request = {.path = path, .capacity = capacity};
    return run(&request, 60, list_names, names, capacity, message);
}

int32_t mic_hdf5_describe(const char *path, const char *name, mic_hdf5_info *info,
                          mic_hdf5_message *message) {
    struct request request = {.path = path, .name = name};
    return run(&request, 60, describe_one, info, sizeof *info, message);
}

int32_t mic_hdf5_read(const char *path, const char *name, const mic_hdf5_info *info,
                      const uint64_t *start, const uint64_t *count, void *buffer, size_t bytes,
                      mic_hdf5_message *message) {
    uint64_t needed = (uint64_t)info->memory_bytes;
    for (int32_t axis = 0; axis < info->rank; axis++)
        if (__builtin_mul_overflow(needed, count[axis], &needed))
            needed = 0;
    if (needed == 0 || needed != bytes) {
        snprintf(message->text, sizeof message->text, "a buffer of the wrong size");
        return -1;
    }
    struct request request = {
        .path = path, .name = name, .info = info, .start = start, .count = count};
    return run(&request, 1800, read_block, buffer, bytes, message);
}
