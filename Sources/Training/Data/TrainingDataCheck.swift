import Foundation
public import ImageFormats
public import Imaging
public import Prompting

/// What is known of training data before training starts, and what looks odd.
public struct TrainingDataCheck: Codable, Hashable, Sendable {
    /// Number of pairs.
    public let pairCount: Int
    /// Planes in all pairs.
    public let planeCount: Int
    /// Sizes of the smallest and the largest plane by number of pixels.
    public let sizes: [Size]
    /// Planes whose pixels were looked at.
    public let inspectedPlanes: Int
    /// Objects in these planes.
    public let objectCount: Int
    /// Most objects in one of these planes.
    public let largestObjectCount: Int
    /// Median diameter of these objects in pixels, of a circle of the same area.
    public let medianDiameter: Double?
    /// Range of the intensities in these planes.
    public let intensityRange: [Float]
    /// The type of the first image's samples.
    public let sampleType: SampleType
    /// Whether images have several channels.
    public let isColor: Bool
    /// Whether the labels look like classes instead of objects.
    public let looksSemantic: Bool
    /// What looks odd.
    public let warnings: [TrainingWarning]

    /// At most this many planes are read; the others are only opened.
    public static let inspectionLimit = 40

    /// Opens every pair, and looks at the pixels of some.
    ///
    /// - Parameters:
    ///   - pairs: Images and labels; all are opened.
    ///   - sampling: How they will be used.
    ///   - acceptsClasses: Whether labels that look like classes are meant to be split into connected
    ///     components, which silences that warning.
    ///   - work: Told of the pairs that are done.
    /// - Throws: ``TrainingDataError``, `DataSetError` or `ImageFormatError` for the first pair that cannot
    ///   be used; `CancellationError`.
    public init(
        _ pairs: [AnnotatedImage],
        _ sampling: SamplingOptions,
        acceptsClasses: Bool = false,
        _ work: Work = Work()
    ) throws {
        try self.init(pairs, sampling, acceptsClasses, after: 0, of: pairs.count, work)
    }

    /// The same for a part of the pairs, after others and of so many in all.
    init(
        _ pairs: [AnnotatedImage],
        _ sampling: SamplingOptions,
        _ acceptsClasses: Bool,
        after done: Int,
        of total: Int,
        _ work: Work
    ) throws {
        try sampling.validate()
        let readers = try pairs.map { try AnnotatedPlanes(opening: $0) }
        guard let first = readers.first else {
            throw DataSetError.noImages
        }
        var inspection = Inspection(minimumSize: sampling.minimumSize)
        let step = max((readers.count + Self.inspectionLimit - 1) / Self.inspectionLimit, 1)
        for (index, reader) in readers.enumerated() {
            if index.isMultiple(of: step) {
                let planes = Self.someOf(
                    reader.planes,
                    count: max(Self.inspectionLimit / readers.count, 1)
                )
                for plane in planes { try inspection.look(at: reader, plane: plane, sampling) }
            }
            try work.advance(done + index + 1, of: total)
        }
        try inspection.requireObjects(readers, example: first.pair.labels)
        pairCount = readers.count
        planeCount = readers.map(\.planes.count).reduce(0, +)
        let bySize = readers.map(\.size).sorted { $0.count < $1.count }
        sizes = [bySize[0], bySize[bySize.count - 1]]
        inspectedPlanes = inspection.planes
        objectCount = inspection.areas.count
        largestObjectCount = inspection.largestCount
        medianDiameter = inspection.medianDiameter
        intensityRange = [inspection.low, inspection.high]
        sampleType = first.sampleType
        isColor = first.channels == 3
        looksSemantic = inspection.looksSemantic
        warnings =
            Self.warnings(readers.flatMap(\.notes) + inspection.notes)
            + inspection.warnings(acceptsClasses: acceptsClasses)
    }

    /// What readers noticed; the same of many files is said once.
    private static func warnings(_ notes: [FileNote]) -> [TrainingWarning] {
        var files: [ReadingNote: Set<String>] = [:]
        for note in notes { files[note.note, default: []].insert(note.file) }
        return notes.compactMap { note in
            files.removeValue(forKey: note.note).map { .file(note, others: $0.count - 1) }
        }
    }

    /// Planes spread evenly over a range, the middle one if there is only one.
    private static func someOf(_ planes: Range<Int>, count: Int) -> [Int] {
        let count = min(count, planes.count)
        return (0..<count).map { planes.lowerBound + (2 * $0 + 1) * planes.count / (2 * count) }
    }
}

/// What the pixels of some planes tell.
private struct Inspection {
    let minimumSize: Int
    var planes = 0
    var emptyFiles: [String] = []
    var areas: [Int] = []
    var largestCount = 0
    var low = Float.infinity
    var high = -Float.infinity
    private var labelCount = 0
    private var partCount = 0
    private var smallCount = 0
    private var constantFiles: [String] = []

    /// What is said of the pixels of files.
    private(set) var notes: [FileNote] = []
    private var largestLabel: UInt32 = 0

    init(minimumSize: Int) { self.minimumSize = minimumSize }

    mutating func look(at reader: AnnotatedPlanes, plane: Int, _ sampling: SamplingOptions) throws {
        let labels = try reader.labels(plane: plane)
        notes += reader.note(on: labels).map { [$0] } ?? []
        let parts = labels.splitIntoComponents(connectivity: .edgesAndCorners)
        let sizes = LabelIndex(parts).sizes(in: parts)
        let large = sizes.filter { $0 >= minimumSize }
        planes += 1
        smallCount += sizes.count - large.count
        areas += large
        largestCount = max(largestCount, large.count)
        labelCount += labels.objectLabels().count
        partCount += large.count
        largestLabel = max(largestLabel, labels.labels.max() ?? 0)
        if sizes.isEmpty { emptyFiles.append(reader.pair.labels) }
        try look(at: reader, plane, sampling.intensities, sampling.normalization ?? .minmax)
    }

    private mutating func look(
        at reader: AnnotatedPlanes,
        _ plane: Int,
        _ transform: SamplingOptions.IntensityTransform,
        _ normalization: Normalization
    ) throws {
        let file = reader.pair.image
        let image = try reader.floats(plane: plane)
        guard let ranges = image.channelRanges() else {
            let isTooLarge = try reader.image(plane: plane).holdsFiniteNumbers
            throw TrainingDataError.unusableImage(
                file: file,
                reason: isTooLarge
                    ? "plane \(plane) has values beyond single precision, \(Float.greatestFiniteMagnitude)"
                    : "plane \(plane) has values that are not finite (NaN or infinite)",
                advice: isTooLarge
                    ? "divide the image by a constant before training"
                    : "replace them before training"
            )
        }
        let low = ranges.map(\.lowerBound).min() ?? 0
        let high = ranges.map(\.upperBound).max() ?? 0
        if low == high { constantFiles.append(file) }
        if transform == .image {
            notes += try reader.image(plane: plane).intensityNotes(file, normalization)
        }
        if transform == .unchanged, low < 0 || high > 255 {
            throw TrainingDataError.intensitiesOutOfRange(file: file, low: low, high: high)
        }
        self.low = min(self.low, low)
        self.high = max(self.high, high)
    }

    func requireObjects(_ readers: [AnnotatedPlanes], example: String) throws(TrainingDataError) {
        guard areas.isEmpty else { return }
        if smallCount == 0 { throw .allEmpty(files: readers.count, example: example) }
        throw .objectsTooSmall(file: example, count: smallCount, minimumSize: minimumSize)
    }

    var medianDiameter: Double? {
        guard !areas.isEmpty else { return nil }
        return (4 * Double(areas.sorted()[areas.count / 2]) / .pi).squareRoot()
    }

    /// Objects of one kind share a label: few labels, each in several pieces.
    var looksSemantic: Bool {
        labelCount > 0 && Double(partCount) >= 3 * Double(labelCount)
            && labelCount <= 5 * max(planes - emptyFiles.count, 1)
    }

    func warnings(acceptsClasses: Bool) -> [TrainingWarning] {
        var result: [TrainingWarning] = []
        if looksSemantic, !acceptsClasses {
            result.append(
                .looksLikeClasses(
                    parts: partCount,
                    labels: labelCount,
                    planes: planes,
                    largestLabel: largestLabel
                )
            )
        }
        if let example = emptyFiles.first {
            result.append(.withoutObjects(emptyFiles.count, of: planes, example: example))
        }
        if let example = constantFiles.first {
            result.append(.constant(constantFiles.count, of: planes, example: example))
        }
        if smallCount > areas.count {
            result.append(
                .smallObjects(
                    smallCount,
                    of: smallCount + areas.count,
                    minimumSize: minimumSize
                )
            )
        }
        return result
    }
}
