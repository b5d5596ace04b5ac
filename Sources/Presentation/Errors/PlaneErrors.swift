import Files
public import ImageFormats

extension PlaneError: WordedError {
    /// What the command line says.
    public var words: String {
        switch self {
        case .noSuchPlace(let file, let extent, let chosen):
            "\(file): \(extent.axis.option) \(chosen) does not exist; \(extent.words)"
        case .undecided(let file, let extents, let open, let names):
            "\(file): the image has \(Self.counts(extents, names)); choose a plane with "
                + Wording.list(open.map { "\($0.axis.option) 0...\($0.count - 1)" })
                + (open.contains { $0.axis != .channel }
                    ? ", or segment each plane separately with 'usam segment --each-plane'" : "")
                + (open.contains { $0.axis == .slice }
                    ? ", or all slices as one volume with 'usam segment --volume'" : "")
        case .channelName(let file, let name, let isAmbiguous, let known, let count)
        where known.isEmpty:
            "\(file): there \(isAmbiguous ? "are several channels" : "is no channel") '\(name)'; "
                + "its channels have no names; choose one with --channel 0...\(count - 1)"
        case .twoOpenAxes(let file, let slices, let timePoints):
            "\(file): the image has \(slices) slices and \(timePoints) time points, and embeddings "
                + "are stored along one axis; choose a slice with --z or a time point with --t"
        default: description
        }
    }
}

extension PlaneError.Axis {
    /// The option that chooses a place.
    public var option: String {
        switch self {
        case .channel: "--channel"
        case .slice: "--z"
        case .timePoint: "--t"
        }
    }
}

extension PlaneError.Extent {
    fileprivate var words: String {
        count == 1 ? "the image has only one; leave the option out" : extentText
    }
}
