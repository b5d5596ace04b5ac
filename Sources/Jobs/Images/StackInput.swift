import Foundation
import ImageFormats
import Imaging
public import Prompting
public import Segmentation

/// One image file as the source of embeddings: a plane, or all planes along z or t.
public struct StackInput {
    /// The pixels, read by region.
    public let input: EmbeddingInput

    /// Opens a file; pixels are read later.
    ///
    /// - Parameters:
    ///   - file: The image.
    ///   - selection: Which channel, and which slice or time point if only one is meant.
    ///   - keepsOpacity: Whether an opacity channel takes part, as in micro-sam.
    /// - Throws: ``JobFailure`` if something has to be chosen; `ImageFormatError`.
    public init(
        opening file: String,
        _ selection: PlaneSelection,
        keepsOpacity: Bool = false
    ) throws {
        let source = try ImageSource(
            opening: URL(filePath: file),
            options: selection.sourceOptions
        )
        guard selection.channels.count <= 1 else {
            throw JobFailure(
                "\(file): embeddings are made of one channel or of an RGB image; name one channel"
            )
        }
        let axes = source.description.axes
        let depth = try Self.stack(axes, selection, file)
        // The stack's own axis is open, so its first plane stands for the choice of the others.
        var first = selection
        if case .slices = depth { first.z = 0 }
        if case .timePoints = depth { first.t = 0 }
        let plane = try first.plane(
            of: axes,
            channelNames: source.description.channelNames,
            file: file
        )
        let dropsOpacity = source.description.colorModel == .greyAlpha && !keepsOpacity
        let size = Size(width: axes.x, height: axes.y)
        input = EmbeddingInput(size: size, depth: depth.count) { index, region in
            var place = plane
            if case .slices = depth { place.z = index }
            if case .timePoints = depth { place.t = index }
            let pixels = try source.read(place, region: region)
            return dropsOpacity ? pixels.channel(0) : pixels
        }
    }

    /// Along which axis the planes lie.
    private enum Depth {
        case onePlane
        case slices(Int)
        case timePoints(Int)

        var count: Int? {
            switch self {
            case .onePlane: nil
            case .slices(let count), .timePoints(let count): count
            }
        }
    }

    private static func stack(
        _ axes: ImageAxes,
        _ selection: PlaneSelection,
        _ file: String
    ) throws -> Depth {
        let openZ = axes.z > 1 && selection.z == nil
        let openT = axes.t > 1 && selection.t == nil
        if openZ, openT {
            throw JobFailure(
                "\(file): the image has \(axes.z) slices and \(axes.t) time points, and embeddings "
                    + "are stored along one axis; choose a slice with --z or a time point with --t"
            )
        }
        return openZ ? .slices(axes.z) : openT ? .timePoints(axes.t) : .onePlane
    }
}
