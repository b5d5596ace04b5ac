#include "jobs.hpp"

#if defined(__x86_64__) && defined(__clang__)
#include <immintrin.h>

#define MS_NAME "AVX-512"
#define MS_LANES 16
#define MS_ROWS 14
#define MS_VECTORS 2
#define MS_BLOCK_TILES 8

#pragma clang attribute push(                                                                      \
    __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx2,fma,bmi2"))),                   \
    apply_to = function)
namespace ms::kernels {
namespace {
#include "simd_vector.hpp"

#include "simd_matrix.hpp"

#include "simd_part.hpp"

#include "simd_linear.hpp"

#include "simd_winograd.hpp"

#include "simd_convolution.hpp"

#include "simd_attention.hpp"

#include "simd_two_way.hpp"

#include "simd_normalization.hpp"

#include "simd_table.hpp"
} // namespace
} // namespace ms::kernels
#pragma clang attribute pop

#define MS_MULTIPLY_BYTES(sum, unsigned_bytes, signed_bytes)                                       \
    (Integers) _mm512_dpbusd_epi32((__m512i)(sum), (__m512i)(unsigned_bytes), (__m512i)(signed_bytes))

#pragma clang attribute push(                                                                      \
    __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx512vnni,avx2,fma,bmi2"))),        \
    apply_to = function)
namespace ms::kernels {
namespace {
#include "simd_int8.hpp"

const ByteKernels byte_kernels = {
    byte_packed_count, byte_pack,       byte_linear_scratch,
    byte_linear,       byte_perceptron_scratch, byte_perceptron,
};
} // namespace
} // namespace ms::kernels
#pragma clang attribute pop

const ms::kernels::Table *ms::kernels::avx512() {
    const bool available = __builtin_cpu_supports("avx512f") &&
                           __builtin_cpu_supports("avx512bw") &&
                           __builtin_cpu_supports("avx512dq") &&
                           __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("fma");
    static const ms::kernels::Table complete = [] {
        ms::kernels::Table table = implementation;
        table.bytes = __builtin_cpu_supports("avx512vnni") ? &byte_kernels : nullptr;
        return table;
    }();
    return available ? &complete : nullptr;
}
#else
const ms::kernels::Table *ms::kernels::avx512() { return nullptr; }
#endif
