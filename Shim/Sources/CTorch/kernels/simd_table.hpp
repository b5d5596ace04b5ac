// The table of one instruction set. Included last, like simd_vector.hpp.

static const Table implementation = {
    MS_NAME,
    tile_rows,
    tile_columns,
    block_tiles,
    packed_count,
    pack,
    linear_scratch,
    linear,
    perceptron_scratch,
    perceptron,
    attention_shared,
    attention_scratch,
    attention_tables,
    attention_pack_units,
    attention_pack,
    attention_units,
    attention,
};
