import Foundation
public import ImageFormats
public import Prompting

/// A data set by which a model is judged, image by image; what was measured is kept.
public struct JudgedSet: Sendable {
    /// Name in tables.
    public let name: String

    /// The annotated images.
    public let images: [AnnotatedImage]

    private let store: JudgementStore?

    /// Takes a list of images.
    ///
    /// - Parameter store: Where measurements are kept; nil to keep none.
    public init(_ name: String, _ images: [AnnotatedImage], store: JudgementStore? = nil) {
        self.name = name
        self.images = images
        self.store = store
    }

    /// Measures all images, or takes what was measured before.
    ///
    /// - Parameters:
    ///   - judge: Makes a judge; not called if all images are known.
    ///   - work: Told of images, before each one that is measured, and at the end.
    ///   - finished: Called with each new measurement.
    /// - Throws: As ``ModelJudge/judge(_:_:)``. Measurements of images that are finished stay.
    public func judgements(
        by judge: () throws -> ModelJudge,
        _ work: Work = Work(),
        finished: (ImageJudgement) -> Void = { _ in }
    ) throws -> [ImageJudgement] {
        var loaded: ModelJudge?
        var results: [ImageJudgement] = []
        for (index, image) in images.enumerated() {
            if let known = store?.judgement(of: image.name) {
                results.append(known)
                continue
            }
            try work.advance(index, of: images.count)
            let current = try loaded ?? judge()
            loaded = current
            let result = try current.judge(image, work.silent)
            try store?.save(result)
            results.append(result)
            finished(result)
        }
        try work.advance(images.count, of: images.count)
        return results
    }
}
