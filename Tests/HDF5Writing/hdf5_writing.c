#include "hdf5_writing.h"
#include <hdf5.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { most_words = 16, most_line = 8192 };

struct state {
    hid_t file, creation, access, links;
    const char *path;
};

static int shape_of(const char *text, hsize_t *shape) {
    int rank = 0;
    while (*text && rank < H5S_MAX_RANK) {
        char *end;
        shape[rank++] = strtoull(text, &end, 10);
        text = *end ? end + 1 : end;
    }
    return rank;
}

static hid_t type_of(const char *name) {
    static const char *const names[] = {"u1", "u2", "u4", "i1", "i2", "i4", "f4", "f8"};
    const hid_t types[] = {H5T_STD_U8LE, H5T_STD_U16LE, H5T_STD_U32LE,  H5T_STD_I8LE,
                           H5T_STD_I16LE, H5T_STD_I32LE, H5T_IEEE_F32LE, H5T_IEEE_F64LE};
    for (size_t index = 0; index < sizeof types / sizeof *types; index++)
        if (strcmp(name, names[index]) == 0)
            return types[index];
    return H5I_INVALID_HID;
}

static const char *option(char **words, int count, const char *name) {
    size_t length = strlen(name);
    for (int index = 4; index < count; index++)
        if (strncmp(words[index], name, length) == 0)
            return words[index] + length;
    return NULL;
}

/* Values of 16 bits that are meant unsigned wrap around where the type is signed. */
static int write_values(hid_t data_set, hid_t type, size_t count, double offset) {
    int is_wrapped = H5Tequal(type, H5T_STD_I16LE) > 0;
    double *values = malloc(count * sizeof *values);
    for (size_t index = 0; values && index < count; index++) {
        values[index] = (double)((7 * index + 3) % 251) + offset;
        if (is_wrapped)
            values[index] = (double)(int16_t)(uint16_t)values[index];
    }
    int failed = !values ||
                 H5Dwrite(data_set, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, values) < 0;
    free(values);
    return failed;
}

static int write_data(struct state *state, char **words, int count) {
    hsize_t shape[H5S_MAX_RANK], chunk[H5S_MAX_RANK];
    int rank = shape_of(words[3], shape);
    size_t elements = 1;
    for (int axis = 0; axis < rank; axis++)
        elements *= shape[axis];
    hid_t type = type_of(words[2]), space = H5Screate_simple(rank, shape, NULL);
    hid_t properties = H5Pcreate(H5P_DATASET_CREATE);
    const char *chunks = option(words, count, "chunk="), *level = option(words, count, "gzip=");
    const char *offset = option(words, count, "offset=");
    const char *external = option(words, count, "external=");
    const char *other = option(words, count, "virtual=");
    int fill = 9;
    if (chunks)
        H5Pset_chunk(properties, shape_of(chunks, chunk), chunk);
    if (level)
        H5Pset_deflate(properties, (unsigned)atoi(level));
    if (external)
        H5Pset_external(properties, external, 0, H5F_UNLIMITED);
    if (other)
        H5Pset_virtual(properties, space, other, "raw", space);
    if (option(words, count, "empty"))
        H5Pset_fill_value(properties, H5T_NATIVE_INT, &fill);
    hid_t data_set =
        H5Dcreate2(state->file, words[1], type, space, state->links, properties, H5P_DEFAULT);
    if (data_set < 0)
        return 1;
    if (option(words, count, "empty") || external || other)
        return 0;
    return write_values(data_set, type, elements, offset ? atof(offset) : 0);
}

static int write_groups(struct state *state, const char *name, int count) {
    hid_t group = H5Gcreate2(state->file, name, state->links, H5P_DEFAULT, H5P_DEFAULT);
    for (int level = 0; group >= 0 && level < count; level++) {
        hid_t inner = H5Gcreate2(group, "g", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
        H5Gclose(group);
        group = inner;
    }
    return group < 0;
}

static int write_link(struct state *state, char **words) {
    if (strcmp(words[2], "external") == 0)
        return H5Lcreate_external(words[3], words[4], state->file, words[1], state->links,
                                  H5P_DEFAULT) < 0;
    if (strcmp(words[2], "soft") == 0)
        return H5Lcreate_soft(words[3], state->file, words[1], state->links, H5P_DEFAULT) < 0;
    return H5Lcreate_hard(state->file, words[3], state->file, words[1], state->links,
                          H5P_DEFAULT) < 0;
}

static int write_many(struct state *state, int count) {
    char name[32];
    for (int number = 0; number < count; number++) {
        snprintf(name, sizeof name, "many%06d", number);
        if (H5Lcreate_soft("/", state->file, name, H5P_DEFAULT, H5P_DEFAULT) < 0)
            return 1;
    }
    return 0;
}

static int write_attribute(struct state *state, char **words, hid_t stored, hid_t memory,
                           hsize_t count, const void *values) {
    hid_t object = H5Oopen(state->file, words[1], H5P_DEFAULT);
    hid_t space = count ? H5Screate_simple(1, &count, NULL) : H5Screate(H5S_SCALAR);
    hid_t attribute = H5Acreate2(object, words[2], stored, space, H5P_DEFAULT, H5P_DEFAULT);
    return attribute < 0 || H5Awrite(attribute, memory, values) < 0;
}

static int write_text(struct state *state, char **words, const char *value) {
    hid_t type = H5Tcopy(H5T_C_S1);
    int is_variable = strcmp(words[3], "variable") == 0;
    H5Tset_size(type, is_variable ? H5T_VARIABLE : strlen(value) + 1);
    return write_attribute(state, words, type, type, 0, is_variable ? (const void *)&value : value);
}

static int write_list(struct state *state, char **words, int are_texts) {
    char *texts[H5S_MAX_RANK];
    double numbers[H5S_MAX_RANK];
    hsize_t count = 0;
    for (char *rest = words[3], *item; (item = strsep(&rest, ",")) && count < H5S_MAX_RANK;) {
        texts[count] = item;
        numbers[count++] = atof(item);
    }
    hid_t type = H5Tcopy(H5T_C_S1);
    H5Tset_size(type, H5T_VARIABLE);
    return are_texts ? write_attribute(state, words, type, type, count, texts)
                     : write_attribute(state, words, H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, count,
                                       numbers);
}

/* Attaches a data set to each dimension, as the names of scales are stored. */
static int write_scales(struct state *state, char **words) {
    hobj_ref_t references[H5S_MAX_RANK];
    hvl_t lists[H5S_MAX_RANK];
    hsize_t count = 0;
    for (char *rest = words[2], *item; (item = strsep(&rest, ",")) && count < H5S_MAX_RANK;) {
        int failed = H5Rcreate(&references[count], state->file, item, H5R_OBJECT, -1) < 0;
        if (failed)
            return 1;
        lists[count] = (hvl_t){.len = 1, .p = &references[count]};
        count++;
    }
    char *names[] = {words[0], words[1], "DIMENSION_LIST"};
    hid_t type = H5Tvlen_create(H5T_STD_REF_OBJ);
    return write_attribute(state, names, type, type, count, lists);
}

static int step(struct state *state, const char *line) {
    char copy[most_line], *words[most_words];
    int count = 0;
    snprintf(copy, sizeof copy, "%s", line);
    for (char *rest = copy, *word; (word = strsep(&rest, " ")) && count < most_words;)
        words[count++] = word;
    if (strcmp(words[0], "userblock") == 0)
        return H5Pset_userblock(state->creation, (hsize_t)atoll(words[1])) < 0;
    if (strcmp(words[0], "latest") == 0)
        return H5Pset_libver_bounds(state->access, H5F_LIBVER_LATEST, H5F_LIBVER_LATEST) < 0;
    if (state->file < 0)
        state->file = H5Fcreate(state->path, H5F_ACC_TRUNC, state->creation, state->access);
    if (state->file < 0)
        return 1;
    if (strcmp(words[0], "group") == 0)
        return write_groups(state, words[1], 0);
    if (strcmp(words[0], "nest") == 0)
        return write_groups(state, words[1], atoi(words[2]));
    if (strcmp(words[0], "many") == 0)
        return write_many(state, atoi(words[1]));
    if (strcmp(words[0], "data") == 0)
        return write_data(state, words, count);
    if (strcmp(words[0], "link") == 0)
        return write_link(state, words);
    if (strcmp(words[0], "text") == 0)
        return write_text(state, words, line + (words[3] - copy) + strlen(words[3]) + 1);
    if (strcmp(words[0], "scales") == 0)
        return write_scales(state, words);
    return write_list(state, words, strcmp(words[0], "texts") == 0);
}

static int write_all(const char *path, const char *script) {
    struct state state = {.file = H5I_INVALID_HID, .path = path};
    state.creation = H5Pcreate(H5P_FILE_CREATE);
    state.access = H5Pcreate(H5P_FILE_ACCESS);
    state.links = H5Pcreate(H5P_LINK_CREATE);
    H5Pset_create_intermediate_group(state.links, 1);
    char line[most_line];
    int number = 0;
    while (*script) {
        size_t length = strcspn(script, "\n");
        if (length >= sizeof line)
            return number + 1;
        memcpy(line, script, length);
        line[length] = 0;
        script += length + (script[length] == '\n');
        number++;
        if (length > 0 && step(&state, line) != 0)
            return number;
    }
    return H5Fflush(state.file, H5F_SCOPE_LOCAL) < 0 ? number : 0;
}

int hdf5_write(const char *path, const char *script) {
    pid_t child = fork();
    if (child == 0) {
        int line = write_all(path, script);
        H5close();
        _exit(line);
    }
    int status = 1;
    if (child < 0 || waitpid(child, &status, 0) < 0)
        return -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}
