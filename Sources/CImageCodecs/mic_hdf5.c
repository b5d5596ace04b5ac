#include "mic_hdf5_internal.h"
#include "mic_isolated.h"
#include <stdio.h>
#include <string.h>

/* What a child process is asked to do. */
struct request {
    const char *path, *name;
    const mic_hdf5_info *info;
    const uint64_t *start, *count;
    size_t capacity;
};

#define TEXT_OF(number) #number
#define VERSION_TEXT(major, minor, release) TEXT_OF(major) "." TEXT_OF(minor) "." TEXT_OF(release)

const char *mic_hdf5_version(void) {
    return VERSION_TEXT(H5_VERS_MAJOR, H5_VERS_MINOR, H5_VERS_RELEASE);
}

static void fail(mic_isolated_header *header, int32_t code, const char *text) {
    header->result = code;
    snprintf(header->message, sizeof header->message, "%s", text);
}

/* Keeps the innermost reason, which is the first that the library reports. */
static herr_t keep_reason(unsigned position, const H5E_error2_t *error, void *user) {
    if (position == 0 && error->desc)
        fail(user, MIC_HDF5_FAILED, error->desc);
    return 0;
}

static void fail_with_reason(mic_isolated_header *header, const char *otherwise) {
    fail(header, MIC_HDF5_FAILED, otherwise);
    H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, keep_reason, header);
    /* "bad superblock version number", "bad version number for layout message", "bad flag value" */
    if (strstr(header->message, "version"))
        header->result = MIC_HDF5_IS_NEWER;
}

/* Opens a file in the child; everything is closed by its end. */
static hid_t open_file(mic_isolated_header *header, const char *path) {
    hid_t file = mic_hdf5_open(path);
    if (file < 0)
        fail_with_reason(header, "not an HDF5 file that can be read");
    return file;
}

/* Opens and describes a data set; invalid after a failure. */
static hid_t open_data_set(mic_isolated_header *header, hid_t file, const char *name,
                           mic_hdf5_info *info) {
    /* Asked first, because errors of what is missing and what is damaged are alike. */
    hid_t data_set = H5Dopen2(file, name, H5P_DEFAULT);
    if (data_set < 0) {
        fail_with_reason(header, "there is no data set of this name");
        return data_set;
    }
    int32_t code = mic_hdf5_describe_values(data_set, info);
    if (code == 0)
        return data_set;
    fail(header, code,
         code == MIC_HDF5_IS_ELSEWHERE ? "its values lie in other files"
                                       : "no data set of numbers of this name");
    return H5I_INVALID_HID;
}

/* MARK: the list */

/* The names of version 1.10, which later versions keep under these. */
#if H5_VERSION_GE(1, 12, 0)
typedef H5L_info1_t link_info;
typedef H5O_info1_t object_info;
#define iterate_links H5Literate1
#else
typedef H5L_info_t link_info;
typedef H5O_info_t object_info;
#define iterate_links H5Literate
#endif

enum { most_objects = 100000, most_levels = 64, most_shared = 4096 };

struct list {
    char *lines;
    size_t length, capacity;
    int32_t count, objects, levels;
    mic_isolated_header newer; /* why an object could not be opened, if its version is unknown */
    /* Groups that have several names, each of which is entered once. */
    haddr_t shared[most_shared];
    int32_t shared_count;
    char name[4096];
};

static void add_line(struct list *list, const mic_hdf5_info *info) {
    char sides[MIC_HDF5_MAX_RANK * 24];
    size_t length = 0;
    for (int32_t axis = 0; axis < info->rank; axis++)
        length += (size_t)snprintf(sides + length, sizeof sides - length, "%s%llu", axis ? "x" : "",
                                   (unsigned long long)info->shape[axis]);
    list->count++;
    size_t needed = length + strlen(list->name) + 2;
    if (needed >= list->capacity - list->length)
        return;
    snprintf(list->lines + list->length, list->capacity - list->length, "%s %s\n", sides,
             list->name);
    list->length += needed;
}

static int was_entered(struct list *list, const object_info *object) {
    if (object->rc < 2)
        return 0;
    for (int32_t index = 0; index < list->shared_count; index++)
        if (list->shared[index] == object->addr)
            return 1;
    if (list->shared_count == most_shared)
        return 1;
    list->shared[list->shared_count++] = object->addr;
    return 0;
}

static herr_t visit(hid_t group, const char *name, const link_info *link, void *user);

static void visit_group(struct list *list, hid_t group) {
    if (list->levels == most_levels)
        return;
    list->levels++;
    iterate_links(group, H5_INDEX_NAME, H5_ITER_NATIVE, NULL, visit, list);
    list->levels--;
}

static herr_t visit(hid_t group, const char *name, const link_info *link, void *user) {
    struct list *list = user;
    if (++list->objects > most_objects)
        return 1;
    size_t used = strlen(list->name), length = strlen(name);
    int fits = used + length + 2 < sizeof list->name && !strchr(name, '\n');
    if (link->type != H5L_TYPE_HARD || !fits)
        return 0;
    hid_t object = H5Oopen(group, name, H5P_DEFAULT);
    if (object < 0) {
        if (list->newer.result != MIC_HDF5_IS_NEWER)
            fail_with_reason(&list->newer, "");
        return 0;
    }
    snprintf(list->name + used, sizeof list->name - used, "%s%s", used ? "/" : "", name);
    object_info about;
    mic_hdf5_info info;
    if (H5Oget_info2(object, &about, H5O_INFO_BASIC) < 0) {
    } else if (about.type == H5O_TYPE_GROUP && !was_entered(list, &about)) {
        visit_group(list, object);
    } else if (about.type == H5O_TYPE_DATASET && mic_hdf5_describe_values(object, &info) == 0 &&
               info.rank >= 2) {
        add_line(list, &info);
    }
    list->name[used] = 0;
    H5Oclose(object);
    return 0;
}

static void list_names(mic_isolated_header *header, void *payload, void *argument) {
    static struct list list;
    struct request *request = argument;
    hid_t file = open_file(header, request->path);
    if (file < 0)
        return;
    list.lines = payload;
    list.capacity = request->capacity;
    hid_t root = H5Gopen2(file, "/", H5P_DEFAULT);
    if (root < 0) {
        fail_with_reason(header, "the contents cannot be listed");
        return;
    }
    visit_group(&list, root);
    header->result = list.count;
    /* What was not looked at may be the image, or another one. */
    if (list.objects > most_objects && list.count < 2)
        fail(header, MIC_HDF5_FAILED,
             "there are more than 100000 objects, so name the data set that is meant");
    else if (list.count == 0 && list.newer.result == MIC_HDF5_IS_NEWER)
        fail(header, MIC_HDF5_IS_NEWER, list.newer.message);
}

/* MARK: one data set */

static void describe_one(mic_isolated_header *header, void *payload, void *argument) {
    struct request *request = argument;
    hid_t file = open_file(header, request->path);
    hid_t data_set = file < 0 ? file : open_data_set(header, file, request->name, payload);
    if (data_set >= 0)
        mic_hdf5_describe_attributes(data_set, payload);
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
    static mic_hdf5_info now;
    hid_t data_set = open_data_set(header, file, request->name, &now);
    if (data_set < 0)
        return;
    if (!is_same(&now, info)) {
        fail(header, MIC_HDF5_FAILED, "the file has changed since it was opened");
        return;
    }
    hsize_t start[MIC_HDF5_MAX_RANK], count[MIC_HDF5_MAX_RANK];
    for (int32_t axis = 0; axis < info->rank; axis++) {
        start[axis] = request->start[axis];
        count[axis] = request->count[axis];
    }
    hid_t type = mic_hdf5_memory_type(H5Dget_type(data_set), &now);
    hid_t stored_space = H5Dget_space(data_set);
    hid_t memory_space = H5Screate_simple(info->rank, count, NULL);
    if ((info->rank > 0 &&
         H5Sselect_hyperslab(stored_space, H5S_SELECT_SET, start, NULL, count, NULL) < 0) ||
        H5Dread(data_set, type, memory_space, stored_space, H5P_DEFAULT, payload) < 0)
        fail_with_reason(header, "the data cannot be decoded");
}

/* Runs a request in a child and copies its payload if it succeeded. */
static int32_t run(struct request *request, unsigned seconds,
                   void (*body)(mic_isolated_header *, void *, void *), void *result, size_t bytes,
                   mic_hdf5_message *message) {
    mic_isolated_header *header = mic_isolated_run(bytes, seconds, body, request);
    if (!header) {
        snprintf(message->text, sizeof message->text, "out of memory");
        return MIC_HDF5_FAILED;
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
    return run(&request, 20, list_names, names, capacity, message);
}

int32_t mic_hdf5_describe(const char *path, const char *name, mic_hdf5_info *info,
                          mic_hdf5_message *message) {
    struct request request = {.path = path, .name = name};
    return run(&request, 20, describe_one, info, sizeof *info, message);
}

/* MARK: blocks */

static const uint64_t slab_bytes = (uint64_t)64 << 20;

/* The axis along which a block is cut into slabs, whole rows of which fit. */
static int32_t axis_of_slabs(const mic_hdf5_info *info, const uint64_t *count,
                             uint64_t *row_bytes) {
    *row_bytes = (uint64_t)info->memory_bytes;
    int32_t axis = info->rank - 1;
    while (axis > 0 && *row_bytes * count[axis] <= slab_bytes)
        *row_bytes *= count[axis--];
    return axis;
}

/* The end of the slab that begins at `first`: as many rows as fit, up to the edge of a chunk if one
 * is within reach, so that no chunk is decoded twice without need. */
static uint64_t end_of_slab(uint64_t first, uint64_t end, uint64_t rows, uint64_t chunk) {
    if (rows >= end - first)
        return end;
    uint64_t last = first + rows;
    return chunk > 0 && last / chunk * chunk > first ? last / chunk * chunk : last;
}

/* Reads the slabs of a block whose outer axes are fixed. */
static int32_t read_slabs(struct request *request, int32_t axis, uint64_t row_bytes,
                          uint8_t **target, mic_hdf5_message *message) {
    uint64_t start[MIC_HDF5_MAX_RANK], count[MIC_HDF5_MAX_RANK];
    memcpy(start, request->start, (size_t)request->info->rank * sizeof *start);
    memcpy(count, request->count, (size_t)request->info->rank * sizeof *count);
    uint64_t rows = slab_bytes / row_bytes > 0 ? slab_bytes / row_bytes : 1;
    uint64_t end = request->start[axis] + request->count[axis];
    struct request part = *request;
    part.start = start;
    part.count = count;
    while (start[axis] < end) {
        uint64_t next = end_of_slab(start[axis], end, rows, request->info->chunk_shape[axis]);
        count[axis] = next - start[axis];
        size_t bytes = (size_t)(count[axis] * row_bytes);
        int32_t code = run(&part, 900, read_block, *target, bytes, message);
        if (code != 0)
            return code;
        *target += bytes;
        start[axis] = next;
    }
    return 0;
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
        return MIC_HDF5_FAILED;
    }
    struct request request = {
        .path = path, .name = name, .info = info, .start = start, .count = count};
    if (bytes <= slab_bytes)
        return run(&request, 900, read_block, buffer, bytes, message);
    uint64_t row_bytes, from[MIC_HDF5_MAX_RANK], shape[MIC_HDF5_MAX_RANK];
    int32_t axis = axis_of_slabs(info, count, &row_bytes);
    memcpy(from, start, (size_t)info->rank * sizeof *from);
    memcpy(shape, count, (size_t)info->rank * sizeof *shape);
    for (int32_t outer = 0; outer < axis; outer++)
        shape[outer] = 1;
    request.start = from;
    request.count = shape;
    uint8_t *target = buffer;
    for (;;) { /* over the axes outside of that of the slabs, in C order */
        int32_t code = read_slabs(&request, axis, row_bytes, &target, message);
        if (code != 0)
            return code;
        int32_t outer = axis - 1;
        while (outer >= 0 && ++from[outer] == start[outer] + count[outer]) {
            from[outer] = start[outer];
            outer--;
        }
        if (outer < 0)
            return 0;
    }
}
