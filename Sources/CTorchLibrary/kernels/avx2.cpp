#include "jobs.hpp"

#if defined(__x86_64__) && defined(__clang__)
#include <immintrin.h>

#define MS_NAME "AVX2"
#define MS_LANES 8
#define MS_ROWS 6
#define MS_VECTORS 2
#define MS_BLOCK_TILES 18

#pragma clang attribute push(__attribute__((target("avx2,fma,bmi2"))), apply_to = function)
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

const ms::kernels::Table *ms::kernels::avx2() {
    const bool available = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
    return available ? &implementation : nullptr;
}
#else
const ms::kernels::Table *ms::kernels::avx2() { return nullptr; }
#endif
