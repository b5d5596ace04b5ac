/// Steps of optimisers, in place.
#ifndef CTORCH_OPTIM_H
#define CTORCH_OPTIM_H

#include "ctorch_core.h"

MS_BEGIN

/// The numbers of a step of AdamW.
typedef struct ms_adamw {
    double learning_rate;
    double beta1;
    double beta2;
    double epsilon;
    double weight_decay;
    int64_t step; // of this parameter, from 1
} ms_adamw;

/// Changes a parameter and the running means of its gradient and of the gradient's square. All have
/// the same shape, type and device.
MS_API ms_status ms_adamw_step(ms_tensor *parameter, const ms_tensor *gradient, ms_tensor *mean,
                               ms_tensor *mean_square, const ms_adamw *numbers);

MS_END

#endif
