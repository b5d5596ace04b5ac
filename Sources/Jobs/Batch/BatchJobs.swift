import ImageFormats
import Imaging
import Prompting

/// What the reader hands to the model: a plane, or the end of an image that has none.
struct ReadJob: Sendable {
    /// A plane, or what became of the image instead.
    enum Content: Sendable {
        /// An image will need the model, which can be loaded while its pixels are read; said once.
        case announced
        /// A plane of an image; nothing is to be found in one that is blank.
        case plane(BatchPlane, isBlank: Bool, grid: PlaneGrid)
        /// The results are there already.
        case skipped
        /// The image cannot be read.
        case failed(any Error)
    }

    /// The number of the image.
    let item: Int

    /// A plane, or what became of the image instead.
    let content: Content

    /// What the reader noticed, and what of the file is not used.
    var notes: [FileNote] = []

    /// The labels, if an earlier run has made them.
    var known: KnownLabels?

    /// Further results of the image as it was, which are made again.
    var also: [ResultFile] = []

    /// The number of the plane in its image, or of the slice along its axis.
    var number = 0

    /// The axis along which the slices of a volume follow each other.
    var axis = VolumeOptions.Axis.z

    /// How the image file is recognised.
    var identity: InputIdentity?

    /// The hash of the image file.
    var hash: String?

    /// How long it took so far.
    var times = StageTimes()
}

/// What the model hands to the writer.
struct PredictedJob: Sendable {
    /// The objects of a plane, or what became of the image instead.
    enum Content: Sendable {
        /// A plane whose objects are found by the rest of the work.
        case plane(BatchPlane, RemainingWork, grid: PlaneGrid)
        /// The results are there already.
        case skipped
        /// There is no result.
        case failed(any Error)
    }

    /// What the reader said.
    let read: ReadJob

    /// The objects of a plane, or what became of the image instead.
    let content: Content

    /// What looks odd.
    var warnings: [String] = []

    /// How long it took so far.
    let times: StageTimes
}
