import Imaging
import Prompting
import SegmentAnything

extension Planner {
    /// How wide objects of a stack are, found in a few of its planes.
    enum StackWidths {
        /// The plane is alone, and is looked at for itself.
        case alone
        /// For all planes; nil if no plane that was looked at has objects.
        case found(ObjectWidths?)
    }

    /// Looks at a few planes of the stack, once.
    ///
    /// Planes are looked at as they would be alone, but not put on a shelf. A plane that cannot be used stands for
    /// nothing: its error belongs to its own turn, which names it.
    func stackWidths(_ pixels: PlanePixels, _ work: Work) throws -> StackWidths {
        guard looksFirst, let stack = pixels.stack else { return .alone }
        let observer = "\(model.identity) \(model.networks.behavior) \(model.traits)"
        let widths = try stack.widths(of: observer) { plane in
            do {
                return try self.widths(of: PlanePixels(plane, model.normalization), work.silent)
            } catch let error where !(error is CancellationError) {
                return nil
            }
        }
        return .found(widths)
    }

    private func widths(of pixels: PlanePixels, _ work: Work) throws -> ObjectWidths? {
        let base = base(of: pixels.size)
        guard try base.tiling != nil || !pixels.isBlank(work) else { return nil }
        var embedder = PartEmbedder(predictor: model.predictor, pixels: pixels, shelf: NoShelf())
        let look = FirstLook(model, work)
        guard let tiling = base.tiling else {
            let maps = try model.predictor.instanceMaps(of: embedder.whole(work).embedding, work)
            return try look.widths(maps) { piece in
                var part = EmbeddedPart.whole(of: pixels.size)
                part.piece = piece
                return try embedder.embedding(of: part, work)
            }
        }
        var seen = TilesLook()
        return try widths(
            in: tiling.blocking(of: pixels.size),
            &embedder,
            base,
            tiling,
            &seen,
            work
        )
    }
}
