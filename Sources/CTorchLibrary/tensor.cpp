#include "ctorch_tensor.h"
#include "handle.hpp"

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Context.h>
#include <ATen/Functions.h>

void ms_tensor_release(ms_tensor *tensor) { delete tensor; }

ms_status ms_tensor_retain(const ms_tensor *tensor, ms_tensor **out) {
    return ms::produce(out, [&] { return tensor->value; });
}

namespace {

int64_t checked_byte_count(at::IntArrayRef shape, at::ScalarType type) {
    int64_t count = static_cast<int64_t>(c10::elementSize(type));
    for (const int64_t size : shape) {
        TORCH_CHECK(size >= 0, "a shape must not be negative: ", shape);
        TORCH_CHECK(!__builtin_mul_overflow(count, size, &count), "shape too large: ", shape);
    }
    return count;
}

} // namespace

ms_status ms_tensor_from_bytes(const void *bytes, int64_t byte_count, const int64_t *shape,
                               int32_t rank, int32_t dtype, ms_tensor **out) {
    return ms::produce(out, [&] {
        const auto type = ms::scalar_type(dtype);
        const auto sizes = ms::list(shape, rank);
        TORCH_CHECK(checked_byte_count(sizes, type) == byte_count, "shape ", sizes, " of ", type,
                    " does not fit ", byte_count, " bytes");
        at::Tensor result = at::empty(sizes, at::TensorOptions().dtype(type));
        if (byte_count > 0) {
            std::memcpy(result.data_ptr(), bytes, static_cast<size_t>(byte_count));
        }
        return result;
    });
}

ms_status ms_tensor_from_memory(const void *bytes, const int64_t *shape, const int64_t *strides,
                                int32_t rank, int32_t dtype, void (*release)(void *context),
                                void *context, ms_tensor **out) {
    bool taken = false;
    const ms_status status = ms::produce(out, [&] {
        const auto options = at::TensorOptions().dtype(ms::scalar_type(dtype));
        auto deleter = [release, context](void *) { release(context); };
        auto *data = const_cast<void *>(bytes);
        at::Tensor result = strides ? at::from_blob(data, ms::list(shape, rank),
                                                    ms::list(strides, rank), deleter, options)
                                    : at::from_blob(data, ms::list(shape, rank), deleter, options);
        taken = true;
        return result;
    });
    if (status != MS_OK && !taken) {
        release(context);
    }
    return status;
}

ms_status ms_tensor_full(const int64_t *shape, int32_t rank, double value, int32_t dtype,
                         ms_device device, ms_tensor **out) {
    return ms::produce(out, [&] {
        const auto options =
            at::TensorOptions().dtype(ms::scalar_type(dtype)).device(ms::device(device));
        return at::full(ms::list(shape, rank), value, options);
    });
}

ms_status ms_tensor_arange(double start, double end, double step, int32_t dtype, ms_device device,
                           ms_tensor **out) {
    return ms::produce(out, [&] {
        const auto options =
            at::TensorOptions().dtype(ms::scalar_type(dtype)).device(ms::device(device));
        return at::arange(start, end, step, options);
    });
}

ms_status ms_tensor_rand(const int64_t *shape, int32_t rank, ms_generator *generator,
                         ms_device device, ms_tensor **out) {
    return ms::produce(out, [&] {
        const auto options = at::TensorOptions().dtype(at::kFloat).device(ms::device(device));
        return at::rand(ms::list(shape, rank), generator->value, options);
    });
}

ms_status ms_tensor_randn(const int64_t *shape, int32_t rank, ms_generator *generator,
                          ms_device device, ms_tensor **out) {
    return ms::produce(out, [&] {
        const auto options = at::TensorOptions().dtype(at::kFloat).device(ms::device(device));
        return at::randn(ms::list(shape, rank), generator->value, options);
    });
}

ms_status ms_generator_new(uint64_t seed, ms_device device, ms_generator **out) {
    return ms::guarded([&] {
        const auto where = ms::device(device);
        at::Generator generator = where.is_cpu()
                                      ? at::detail::createCPUGenerator()
                                      : at::globalContext().defaultGenerator(where).clone();
        generator.set_current_seed(seed);
        *out = new ms_generator{std::move(generator)};
    });
}

void ms_generator_release(ms_generator *generator) { delete generator; }

int32_t ms_tensor_rank(const ms_tensor *tensor) {
    return static_cast<int32_t>(tensor->value.dim());
}

void ms_tensor_shape(const ms_tensor *tensor, int64_t *shape) {
    const auto sizes = tensor->value.sizes();
    std::copy(sizes.begin(), sizes.end(), shape);
}

int32_t ms_tensor_dtype(const ms_tensor *tensor) {
    switch (tensor->value.scalar_type()) {
    case at::kByte:
        return MS_UINT8;
    case at::kChar:
        return MS_INT8;
    case at::kShort:
        return MS_INT16;
    case at::kInt:
        return MS_INT32;
    case at::kLong:
        return MS_INT64;
    case at::kHalf:
        return MS_FLOAT16;
    case at::kBFloat16:
        return MS_BFLOAT16;
    case at::kFloat:
        return MS_FLOAT32;
    case at::kDouble:
        return MS_FLOAT64;
    case at::kBool:
        return MS_BOOL;
    default:
        return -1;
    }
}

ms_device ms_tensor_device(const ms_tensor *tensor) { return ms::device(tensor->value.device()); }
int64_t ms_tensor_count(const ms_tensor *tensor) { return tensor->value.numel(); }
bool ms_tensor_is_contiguous(const ms_tensor *tensor) { return tensor->value.is_contiguous(); }

bool ms_tensor_is_channels_last(const ms_tensor *tensor) {
    return tensor->value.dim() == 4 && tensor->value.is_contiguous(at::MemoryFormat::ChannelsLast);
}

ms_status ms_tensor_copy_to(const ms_tensor *tensor, void *buffer, int64_t byte_count) {
    return ms::guarded([&] {
        const at::Tensor source = tensor->value.detach().to(at::kCPU).contiguous();
        const auto available = static_cast<int64_t>(source.nbytes());
        TORCH_CHECK(available == byte_count, "buffer of ", byte_count, " bytes for ", available);
        if (byte_count > 0) {
            std::memcpy(buffer, source.const_data_ptr(), static_cast<size_t>(byte_count));
        }
    });
}

ms_status ms_tensor_data(const ms_tensor *tensor, void **out) {
    return ms::guarded([&] {
        TORCH_CHECK(tensor->value.is_cpu() && tensor->value.is_contiguous(),
                    "direct access needs a contiguous tensor on the CPU");
        *out = tensor->value.data_ptr();
    });
}

ms_status ms_tensor_to(const ms_tensor *tensor, int32_t dtype, ms_device device, ms_tensor **out) {
    return ms::produce(
        out, [&] { return tensor->value.to(ms::device(device), ms::scalar_type(dtype)); });
}

ms_status ms_tensor_contiguous(const ms_tensor *tensor, ms_tensor **out) {
    return ms::produce(out, [&] { return tensor->value.contiguous(); });
}

ms_status ms_tensor_channels_last(const ms_tensor *tensor, ms_tensor **out) {
    return ms::produce(out,
                       [&] { return tensor->value.contiguous(at::MemoryFormat::ChannelsLast); });
}

ms_status ms_tensor_clone(const ms_tensor *tensor, ms_tensor **out) {
    return ms::produce(out, [&] { return tensor->value.clone(); });
}

ms_status ms_tensor_copy_in_place(ms_tensor *destination, const ms_tensor *source) {
    return ms::guarded([&] { destination->value.copy_(source->value); });
}

ms_status ms_tensor_equal(const ms_tensor *a, const ms_tensor *b, bool *out) {
    return ms::guarded([&] {
        *out = a->value.scalar_type() == b->value.scalar_type() &&
               a->value.sizes() == b->value.sizes() && at::equal(a->value, b->value);
    });
}
