public import Imaging

/// What is measured of the objects of a volume, slice by slice.
///
/// Memory: one slice, and one entry for each object.
public struct VolumeMeasurements: Sendable {
    /// An object of a volume.
    public struct Object: Hashable, Sendable {
        /// The label.
        public let label: UInt32

        /// Number of voxels.
        public internal(set) var voxels = 0

        /// Centroid in voxels; 0 is the centre of the first voxel.
        public var centroid: (z: Double, y: Double, x: Double) {
            let count = Double(max(voxels, 1))
            return (sums[0] / count, sums[1] / count, sums[2] / count)
        }

        /// First and last slice.
        public internal(set) var slices: ClosedRange<Int>

        /// The smallest region that holds the object in all slices.
        public internal(set) var box: Region

        /// Number of faces between a voxel of the object and one outside it, by the axis that they are perpendicular to; faces at
        /// the border of the volume count.
        public internal(set) var faces: (z: Int, y: Int, x: Int) {
            get { (faceCounts[0], faceCounts[1], faceCounts[2]) }
            set { faceCounts = [newValue.z, newValue.y, newValue.x] }
        }

        /// Mean intensity of each channel.
        public var meanIntensities: [Double] { intensities.map { $0 / Double(max(voxels, 1)) } }

        var sums = [0.0, 0.0, 0.0]
        var intensities: [Double] = []
        private var faceCounts = [0, 0, 0]

        init(_ label: UInt32, slice: Int, box: Region) {
            self.label = label
            slices = slice...slice
            self.box = box
        }
    }

    private var objects: [UInt32: Object] = [:]
    private var before: LabelImage?
    private var sliceCount = 0

    /// Begins before the first slice.
    public init() {}

    /// Adds the next slice.
    ///
    /// - Parameter measured: The objects of the slice, as `LabelImage.measurements(of:)` gives them.
    public mutating func add(_ labels: LabelImage, _ measured: [ObjectMeasurement]) {
        for part in measured { add(part) }
        countFaces(labels)
        before = labels
        sliceCount += 1
    }

    /// The objects, ascending by label.
    public consuming func finish() -> [Object] {
        if let last = before { countFacesAbove(last) }
        return objects.values.sorted { $0.label < $1.label }
    }

    private mutating func add(_ part: ObjectMeasurement) {
        let area = Double(part.area)
        var object =
            objects[part.label]
            ?? Object(part.label, slice: sliceCount, box: part.box)
        object.voxels += part.area
        object.sums[0] += Double(sliceCount) * area
        object.sums[1] += part.centroid.y * area
        object.sums[2] += part.centroid.x * area
        object.slices = object.slices.lowerBound...sliceCount
        let (x, y) = (min(object.box.x, part.box.x), min(object.box.y, part.box.y))
        object.box = Region(
            x: x,
            y: y,
            width: max(object.box.endX, part.box.endX) - x,
            height: max(object.box.endY, part.box.endY) - y
        )
        if object.intensities.isEmpty {
            object.intensities = [Double](repeating: 0, count: part.meanIntensities.count)
        }
        for (channel, mean) in part.meanIntensities.enumerated()
        where channel < object.intensities.count {
            object.intensities[channel] += mean * area
        }
        objects[part.label] = object
    }

    private mutating func countFaces(_ labels: LabelImage) {
        let (width, count) = (labels.size.width, labels.labels.count)
        var faces: [UInt32: (z: Int, y: Int, x: Int)] = [:]
        for place in 0..<count {
            let label = labels.labels[place]
            let left = place % width == 0 ? 0 : labels.labels[place - 1]
            let above = place < width ? 0 : labels.labels[place - width]
            let below = before?.labels[place] ?? 0
            // A face lies between two voxels, and belongs to the objects on both of its sides.
            if label != left {
                if label != 0 { faces[label, default: (0, 0, 0)].x += 1 }
                if left != 0 { faces[left, default: (0, 0, 0)].x += 1 }
            }
            if label != above {
                if label != 0 { faces[label, default: (0, 0, 0)].y += 1 }
                if above != 0 { faces[above, default: (0, 0, 0)].y += 1 }
            }
            if label != below {
                if label != 0 { faces[label, default: (0, 0, 0)].z += 1 }
                if below != 0 { faces[below, default: (0, 0, 0)].z += 1 }
            }
            if label != 0 {
                if place % width == width - 1 { faces[label, default: (0, 0, 0)].x += 1 }
                if place >= count - width { faces[label, default: (0, 0, 0)].y += 1 }
            }
        }
        add(faces)
    }

    /// Faces at the upper border of the volume.
    private mutating func countFacesAbove(_ last: LabelImage) {
        var faces: [UInt32: (z: Int, y: Int, x: Int)] = [:]
        for label in last.labels where label != 0 { faces[label, default: (0, 0, 0)].z += 1 }
        add(faces)
    }

    private mutating func add(_ faces: [UInt32: (z: Int, y: Int, x: Int)]) {
        for (label, counts) in faces {
            guard var object = objects[label] else { continue }
            object.faces = (
                object.faces.z + counts.z, object.faces.y + counts.y, object.faces.x + counts.x
            )
            objects[label] = object
        }
    }
}
