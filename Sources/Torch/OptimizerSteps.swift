import CTorch

/// The numbers of one step of AdamW for one parameter.
package struct AdamWNumbers: Sendable {
    /// Size of the step.
    package var learningRate: Double
    /// Decay of the mean of the gradients.
    package var beta1: Double
    /// Decay of the mean of their squares.
    package var beta2: Double
    /// Added to the root of the mean of squares.
    package var epsilon: Double
    /// Share of the parameter that is taken away, times the learning rate.
    package var weightDecay: Double
    /// Which step of this parameter it is, from 1.
    package var step: Int

    /// Creates the numbers of a step.
    package init(
        learningRate: Double,
        beta1: Double,
        beta2: Double,
        epsilon: Double,
        weightDecay: Double,
        step: Int
    ) {
        self.learningRate = learningRate
        self.beta1 = beta1
        self.beta2 = beta2
        self.epsilon = epsilon
        self.weightDecay = weightDecay
        self.step = step
    }
}

extension Tensor {
    /// Changes this parameter and its moments in place by a step of AdamW.
    ///
    /// - Source: Loshchilov and Hutter, Decoupled Weight Decay Regularization (2019), algorithm 2.
    package func stepAdamW(
        gradient: Tensor,
        mean: Tensor,
        meanSquare: Tensor,
        _ numbers: AdamWNumbers
    ) throws(TensorError) {
        var native = ms_adamw(
            learning_rate: numbers.learningRate,
            beta1: numbers.beta1,
            beta2: numbers.beta2,
            epsilon: numbers.epsilon,
            weight_decay: numbers.weightDecay,
            step: Int64(numbers.step)
        )
        try check(
            "stepAdamW",
            [self, gradient],
            ms_adamw_step(pointer, gradient.pointer, mean.pointer, meanSquare.pointer, &native)
        )
    }
}
