#include "jobs.hpp"

#include <cstdlib>
#include <cstring>

// Four lanes suit NEON and SSE; the compiler lowers the rest.
#define MS_NAME "portable"
#define MS_LANES 4
#define MS_ROWS 6
#define MS_VECTORS 4
#define MS_BLOCK_TILES 18

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

const ms::kernels::Table *ms::kernels::portable() { return &implementation; }

const ms::kernels::Table &ms::kernels::table() {
    static const Table &chosen = [&]() -> const Table & {
        const char *limit = std::getenv("MS_KERNELS"); // for tests: "avx2" or "portable"
        const bool narrow = limit && std::strcmp(limit, "avx512") != 0;
        const bool plain = narrow && std::strcmp(limit, "avx2") != 0;
        if (const Table *best = narrow ? nullptr : avx512()) {
            return *best;
        }
        if (const Table *good = plain ? nullptr : avx2()) {
            return *good;
        }
        return *portable();
    }();
    return chosen;
}
