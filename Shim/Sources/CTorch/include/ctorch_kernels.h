/// Measured kernels that libtorch lacks. Each is exact in float32 and answers MS_NOT_SUPPORTED where
/// it does not apply, so that the caller can fall back to composed operators.
#ifndef CTORCH_KERNELS_H
#define CTORCH_KERNELS_H

#include "ctorch_core.h"

MS_BEGIN

MS_END

#endif
