#include "normalization.hpp"

#include "entry.hpp"

#include <cmath>

using namespace ms::kernels;

namespace {

/// Pixels of a block: a quarter of a megabyte of float32, which most second-level caches hold.
int64_t block_pixels(int64_t channels) { return std::max<int64_t>(16, 65536 / channels); }

using Kernel = void (*)(const Normalization &, WorkQueue &);

void run_blocks(const Normalization &job, Kernel kernel) {
    const int64_t blocks = divide_up(job.pixels, job.block);
    const int threads = static_cast<int>(std::min<int64_t>(thread_count(), blocks));
    WorkQueue queue(blocks, 8, threads);
    parallel(threads, [&](int) { kernel(job, queue); });
}

void *image_pixels(const at::Tensor &batch, int64_t index) {
    const int64_t image_bytes = batch.stride(0) * batch.element_size();
    return static_cast<char *>(batch.mutable_data_ptr()) + index * image_bytes;
}

/// The job of one image of a batch.
Normalization image_job(const at::Tensor &batch, int64_t index, at::Tensor &moments) {
    Normalization job{};
    job.half = batch.scalar_type() == at::kBFloat16;
    job.channels = batch.size(1);
    job.pixels = batch.size(2) * batch.size(3);
    job.block = block_pixels(job.channels);
    job.input = image_pixels(batch, index);
    if (!moments.defined()) {
        moments = at::empty({divide_up(job.pixels, job.block), 2, job.channels}, at::kFloat);
    }
    job.moments = moments.mutable_data_ptr<float>();
    return job;
}

void set_statistics(Normalization &job, const at::Tensor &statistics, int64_t index) {
    job.mean = statistics.const_data_ptr<float>() + index * 2 * job.channels;
    job.scale = job.mean + job.channels;
}

/// Mean and reciprocal deviation of all blocks together, in an order that threads can't change.
///
/// Source: Chan, Golub, LeVeque, Updating Formulae and a Pairwise Algorithm for Computing Sample
/// Variances (1979).
void merge_moments(const Normalization &job, double epsilon, float *means, float *scales) {
    const int64_t blocks = divide_up(job.pixels, job.block);
    for (int64_t c = 0; c < job.channels; ++c) {
        double mean = 0, squares = 0, count = 0;
        for (int64_t block = 0; block < blocks; ++block) {
            const float *moments = job.moments + block * 2 * job.channels + c;
            const auto added =
                static_cast<double>(std::min(job.block, job.pixels - block * job.block));
            const double step = moments[0] - mean;
            squares += moments[job.channels] + step * step * count * added / (count + added);
            count += added;
            mean += step * added / count;
        }
        means[c] = static_cast<float>(mean);
        scales[c] = static_cast<float>(1 / std::sqrt(squares / count + epsilon));
    }
}

} // namespace

bool ms::kernels::normalizes(const at::Tensor &image, int64_t channels) {
    return image.is_cpu() && image.dim() == 4 && image.numel() > 0 && channels % 16 == 0 &&
           (image.scalar_type() == at::kFloat || image.scalar_type() == at::kBFloat16);
}

at::Tensor ms::kernels::normalization_statistics(const at::Tensor &image, double epsilon) {
    at::Tensor statistics = at::empty({image.size(0), 2, image.size(1)}, at::kFloat);
    at::Tensor moments;
    for (int64_t index = 0; index < image.size(0); ++index) {
        const Normalization job = image_job(image, index, moments);
        run_blocks(job, table().normalization_moments);
        float *means = statistics.mutable_data_ptr<float>() + index * 2 * job.channels;
        merge_moments(job, epsilon, means, means + job.channels);
    }
    return statistics;
}

void ms::kernels::normalize(at::Tensor &image, const at::Tensor &statistics) {
    at::Tensor moments;
    for (int64_t index = 0; index < image.size(0); ++index) {
        Normalization job = image_job(image, index, moments);
        set_statistics(job, statistics, index);
        job.out = image_pixels(image, index);
        run_blocks(job, table().normalization_apply);
    }
}

void ms::kernels::normalization_backward(at::Tensor &gradient, const at::Tensor &normalized,
                                         const at::Tensor &statistics) {
    at::Tensor moments, means = at::empty({2, normalized.size(1)}, at::kFloat);
    float *mean = means.mutable_data_ptr<float>();
    for (int64_t index = 0; index < normalized.size(0); ++index) {
        Normalization job = image_job(normalized, index, moments);
        set_statistics(job, statistics, index);
        job.out = image_pixels(gradient, index);
        job.gradient = job.out;
        run_blocks(job, table().normalization_gradient_moments);
        for (int64_t at = 0; at < 2 * job.channels; ++at) {
            double sum = 0;
            for (int64_t block = 0; block < moments.size(0); ++block) {
                sum += job.moments[block * 2 * job.channels + at];
            }
            mean[at] = static_cast<float>(sum / static_cast<double>(job.pixels));
        }
        job.gradient_mean = mean;
        job.gradient_slope = mean + job.channels;
        run_blocks(job, table().normalization_gradient);
    }
}
