public import Imaging

/// One object in one frame of a movie.
public struct Detection: Hashable, Sendable {
    /// The frame, counted from 0.
    public var frame: Int

    /// The label of the object in the label image of the frame; not 0.
    ///
    /// The same label in another frame may be another object.
    public var label: UInt32

    /// What is measured of the object.
    public var measurement: ObjectMeasurement

    /// Names an object of a frame.
    public init(frame: Int, measurement: ObjectMeasurement) {
        self.frame = frame
        label = measurement.label
        self.measurement = measurement
    }
}
