public import Imaging

/// Everything that decides what the results of a run are, apart from images and model.
///
/// It is stored in the manifest of a run, so that the run can be repeated.
public struct SegmentationSettings: Hashable, Codable, Sendable {
    /// How objects are found; the mode is set, not left to the model.
    public var automatic = AutomaticSegmentationOptions()

    /// Whether images are divided into tiles.
    public var tiling = TilingChoice.automatic

    /// Which plane of each image.
    public var plane = PlaneSelection()

    /// Whether every plane of a stack is segmented, each for itself.
    public var segmentsEachPlane = false

    /// How the slices of a stack are merged into the objects of a volume; nil if planes stay on their own.
    public var volume: VolumeOptions?

    /// How the networks behave.
    public var behavior = ModelBehavior.standard

    /// Whether an opacity channel takes part, as in the reference.
    public var keepsOpacity = false

    /// Planes of so many pixels and more are joined from their tiles; nil for ``PlanningLimits/standard``.
    public var joinedPixels: Int?

    /// What is written for each image, in the order in which it is written.
    public var results: [ResultKind] = [.tiff]

    /// The defaults, for images of one plane.
    public init() {}

    /// From which size on planes are joined from their tiles.
    public var limits: PlanningLimits {
        get { joinedPixels.map(PlanningLimits.init(joinedPixels:)) ?? .standard }
        set { joinedPixels = newValue == .standard ? nil : newValue.joinedPixels }
    }

    /// Whether a plane of this size is joined from its tiles.
    public func joinsTiles(of size: Size) -> Bool {
        limits.joins(size, of: tiling.tiling(of: size))
    }
}
