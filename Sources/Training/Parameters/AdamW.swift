package import Torch

/// AdamW over named parameters.
///
/// A parameter without gradient is left alone, and its own count of steps does not rise, as in PyTorch.
///
/// - Source: Loshchilov and Hutter, Decoupled Weight Decay Regularization (2019), algorithm 2.
package final class AdamW {
    /// What is remembered of a parameter.
    package struct Moments {
        /// Running mean of the gradient.
        package let mean: Tensor
        /// Running mean of its square.
        let meanSquare: Tensor
        /// Steps made.
        var steps: Int
    }

    /// Size of a step.
    var learningRate: Double

    /// What is remembered, by name of the parameter.
    package private(set) var moments: [String: Moments] = [:]

    private let options: OptimizerOptions

    package init(_ options: OptimizerOptions) {
        self.options = options
        learningRate = options.learningRate
    }

    /// Makes a step along the accumulated gradients and removes them.
    ///
    /// - Parameter scale: Factor of the learning rate, for warming up.
    package func step(_ parameters: ModelParameters, scale: Double = 1) throws(TensorError) {
        let shortening = try shortening(parameters)
        for name in parameters.trained {
            guard let value = parameters.values[name], var gradient = try value.gradient() else {
                continue
            }
            if shortening < 1 { gradient = try gradient * shortening }
            var known = if let known = moments[name] { known } else { try fresh(for: value) }
            known.steps += 1
            try value.stepAdamW(
                gradient: gradient,
                mean: known.mean,
                meanSquare: known.meanSquare,
                AdamWNumbers(
                    learningRate: learningRate * scale,
                    beta1: options.beta1,
                    beta2: options.beta2,
                    epsilon: options.epsilon,
                    weightDecay: options.weightDecay,
                    step: known.steps
                )
            )
            moments[name] = known
            try value.setGradient(nil)
        }
    }

    /// What the gradients are multiplied with so that all together are no longer than allowed, at most 1.
    ///
    /// - Source: Pascanu et al., On the difficulty of training recurrent neural networks (2013), algorithm 1.
    private func shortening(_ parameters: ModelParameters) throws(TensorError) -> Double {
        guard let limit = options.gradientNormLimit else { return 1 }
        var squares = 0.0
        for name in parameters.trained {
            guard let gradient = try parameters.values[name]?.gradient() else { continue }
            squares += try (gradient * gradient).sum().item()
        }
        let norm = squares.squareRoot()
        return norm > limit ? limit / norm : 1
    }

    private func fresh(for value: Tensor) throws(TensorError) -> Moments {
        Moments(
            mean: try Tensor.zeros(value.shape, on: value.device),
            meanSquare: try Tensor.zeros(value.shape, on: value.device),
            steps: 0
        )
    }

    /// Puts back what was remembered of a parameter.
    func restore(_ name: String, _ restored: Moments) { moments[name] = restored }
}
