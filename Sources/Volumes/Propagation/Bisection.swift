public import Prompting

extension SliceSessions {
    /// A new prediction in the middle of two slices with masks of an object.
    ///
    /// The model is shown the shape between both masks. Where what it finds overlaps the shape by less than the threshold
    /// of the options, the result is the shape itself.
    ///
    /// - Returns: Nil if there is no slice between, or no shape between both masks.
    /// - Throws: What the session throws; `CancellationError`.
    public func middle(
        of low: SliceMask,
        _ high: SliceMask,
        _ options: PropagationOptions = PropagationOptions(),
        _ work: Work = Work()
    ) async throws -> SliceMask? {
        if let defect = options.defect { throw VolumePromptError.options(defect) }
        var options = options
        (options.filling, options.followsReference) = (.bisect, false)
        var between = try Between(
            .init(slice: low.slice, mask: low.pixels),
            .init(slice: high.slice, mask: high.pixels),
            options
        )
        guard let (question, slice, mask) = between.questions.first else { return nil }
        let request = Propagation.Request(
            slice: slice,
            objects: [
                PromptedObject(
                    id: low.object,
                    place: ObjectPlace(z: slice),
                    prompts: [.mask(EncodedMask(mask))]
                )
            ],
            options: options.projection.promptOptions(boxExtension: options.boxExtension)
        )
        guard let found = try await masks(request, work).first,
            let gain = try between.take(found.pixels, for: question).first
        else { return nil }
        return SliceMask(
            object: low.object,
            slice: slice,
            pixels: gain.mask,
            score: gain.isShape ? 0 : found.score,
            stability: gain.isShape ? 0 : found.stability,
            origin: gain.isShape ? .shape : .projection
        )
    }
}
