/// The C ABI over libtorch.
///
/// Conventions, without exception:
/// - Every function that can fail returns `ms_status`; results go through trailing out parameters,
///   which are written on success only.
/// - `ms_tensor **out` receives a new handle that the caller owns ("+1") and releases with
///   `ms_tensor_release`. Inputs are borrowed for the duration of the call.
/// - Optional arguments are null. Arrays are a pointer and a count. Axes may be negative.
/// - No C++ type and no enumeration of libtorch crosses this border.
///
/// The functions are implemented by CTorchLibrary. It is opened on the first call, so that what needs no
/// tensors does not load libtorch; see ctorch_library.h.
#ifndef CTORCH_H
#define CTORCH_H

#include "ctorch_autograd.h"
#include "ctorch_core.h"
#include "ctorch_device.h"
#include "ctorch_functions.h"
#include "ctorch_kernels.h"
#include "ctorch_library.h"
#include "ctorch_math.h"
#include "ctorch_memory.h"
#include "ctorch_nn.h"
#include "ctorch_optim.h"
#include "ctorch_shape.h"
#include "ctorch_tensor.h"

#endif
