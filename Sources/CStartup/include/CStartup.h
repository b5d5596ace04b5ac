/* Nothing to call: linked into a program, this target chooses how libtorch's threads wait. */
#pragma once
