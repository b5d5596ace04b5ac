#include "ctorch_optim.h"
#include "handle.hpp"

#include <ATen/Functions.h>
#include <ATen/core/grad_mode.h>

#include <cmath>

ms_status ms_adamw_step(ms_tensor *parameter, const ms_tensor *gradient, ms_tensor *mean,
                        ms_tensor *mean_square, const ms_adamw *numbers) {
    return ms::guarded([&] {
        at::NoGradGuard without_gradients;
        const at::Tensor &g = gradient->value;
        TORCH_CHECK(g.sizes() == parameter->value.sizes() && g.sizes() == mean->value.sizes() &&
                        g.sizes() == mean_square->value.sizes(),
                    "parameter, gradient and moments must have the same shape");
        const auto step = static_cast<double>(numbers->step);
        const double correction1 = 1 - std::pow(numbers->beta1, step);
        const double correction2 = std::sqrt(1 - std::pow(numbers->beta2, step));
        parameter->value.mul_(1 - numbers->learning_rate * numbers->weight_decay);
        mean->value.lerp_(g, 1 - numbers->beta1);
        mean_square->value.mul_(numbers->beta2).addcmul_(g, g, 1 - numbers->beta2);
        const at::Tensor divisor =
            mean_square->value.sqrt().div_(correction2).add_(numbers->epsilon);
        parameter->value.addcdiv_(mean->value, divisor, -numbers->learning_rate / correction1);
    });
}
