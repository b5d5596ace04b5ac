extension LabelOverlap {
    /// Dice score of all objects taken together against the background:
    /// `2 |A ∩ B| / (|A| + |B| + 1e-7)`; 0 if both are empty.
    public var dice: Double {
        let shared = pairs.reduce(0) { $0 + $1.sharedPixels }
        return 2 * Double(shared) / (Double(truthPixels + predictionPixels) + 1e-7)
    }

    /// Mean over the true objects of the Dice score with the prediction of the same label; 0 if
    /// there are no true objects.
    public var dicePerLabel: Double {
        guard !truthLabels.isEmpty else { return 0 }
        let total = pairs.filter { $0.truth == $0.prediction }.reduce(0.0) { sum, pair in
            // |A| + |B| follows from the IoU: the union is shared / IoU.
            let union = Double(pair.sharedPixels) / pair.intersectionOverUnion
            let sizes = union.rounded() + Double(pair.sharedPixels)
            return sum + 2 * Double(pair.sharedPixels) / (sizes + 1e-7)
        }
        return total / Double(truthLabels.count)
    }
}
