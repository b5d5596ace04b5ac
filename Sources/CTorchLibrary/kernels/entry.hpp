// What the entry points of the kernels share.
#pragma once

#include "../handle.hpp"
#include "ctorch_kernels.h"
#include "jobs.hpp"
#include "threads.hpp"

#include <ATen/Functions.h>
#include <ATen/core/grad_mode.h>

#include <algorithm>
#include <initializer_list>

namespace ms::kernels {

/// Whether the kernels can work with these; null stands for an absent argument.
inline bool supported(std::initializer_list<const ms_tensor *> tensors) {
    for (const ms_tensor *tensor : tensors) {
        if (!tensor) {
            continue;
        }
        const at::Tensor &value = tensor->value;
        if (!value.is_cpu() || value.scalar_type() != at::kFloat || !value.is_contiguous() ||
            (value.requires_grad() && at::GradMode::is_enabled())) {
            return false;
        }
    }
    return true;
}

inline ms_status unsupported() {
    return ms::record(MS_NOT_SUPPORTED,
                      "this kernel needs contiguous float32 tensors on the CPU, without gradients");
}

inline const float *values(const ms_tensor *tensor) {
    return tensor ? tensor->value.const_data_ptr<float>() : nullptr;
}

inline void check_count(const ms_tensor *tensor, int64_t count, const char *name) {
    TORCH_CHECK(!tensor || tensor->value.numel() == count, name, " must have ", count,
                " elements, not ", tensor ? tensor->value.numel() : 0);
}

/// Memory for all threads, `count` floats each, from libtorch's allocator; aligned to cache lines.
struct Scratch {
    at::Tensor memory;
    int64_t stride;
    Scratch(int64_t count, int threads)
        : memory(at::empty({round_up(count, 16) * threads}, at::kFloat)),
          stride(round_up(count, 16)) {}
    float *of(int thread) const { return memory.mutable_data_ptr<float>() + thread * stride; }
};

template <typename Job>
void run(const Job &job, int64_t units, int64_t step, int64_t scratch_count,
         void (*kernel)(const Job &, WorkQueue &, float *)) {
    const int threads = static_cast<int>(std::min<int64_t>(thread_count(), units));
    if (threads < 1) {
        return;
    }
    const Scratch scratch(scratch_count, threads);
    float *first = scratch.of(0);
    WorkQueue queue(units, step, threads);
    parallel(threads, [&](int thread) { kernel(job, queue, first + thread * scratch.stride); });
}

/// The job of a layer, without input and output.
Linear linear_job(const ms_packed_linear &layer);

} // namespace ms::kernels
