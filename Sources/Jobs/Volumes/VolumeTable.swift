import Files
import Foundation
import ImageFormats
import Imaging
import Volumes

/// A table of the objects of a volume, one a row.
///
/// Lengths are in voxels, whose first one has its centre at 0; with a known size of voxels there are columns with the unit in
/// their names as well. The surface is the area of the faces between voxels of the object and others.
struct VolumeTable {
    private let objects: [VolumeMeasurements.Object]
    private let channels: [String]
    private let scale: (z: Double, y: Double, x: Double, unit: String)?

    init(
        _ objects: [VolumeMeasurements.Object],
        _ size: PhysicalSize,
        channels: [String],
        channelCount: Int
    ) {
        self.objects = objects
        self.channels = (0..<channelCount).map { number in
            let name = channels.indices.contains(number) ? channels[number] : ""
            return "mean_intensity_" + (name.isEmpty ? "\(number)" : name)
        }
        scale = size.voxel
    }

    var columns: [String] {
        var names = [
            "label", "volume", "centroid_x", "centroid_y", "centroid_z", "box_x", "box_y", "box_z",
            "box_width", "box_height", "box_depth", "surface",
        ]
        if let scale {
            names += ["volume_\(scale.unit)3"]
            names += ["x", "y", "z"].map { "centroid_\($0)_\(scale.unit)" }
            names += ["surface_\(scale.unit)2"]
        }
        return names + channels
    }

    var rows: [[String]] { objects.map(row) }

    private func row(_ object: VolumeMeasurements.Object) -> [String] {
        let (centroid, faces) = (object.centroid, object.faces)
        var cells = [
            "\(object.label)", "\(object.voxels)", number(centroid.x), number(centroid.y),
            number(centroid.z),
            "\(object.box.x)", "\(object.box.y)", "\(object.slices.lowerBound)",
            "\(object.box.width)",
            "\(object.box.height)", "\(object.slices.count)", "\(faces.x + faces.y + faces.z)",
        ]
        if let (z, y, x, _) = scale {
            cells += [
                number(Double(object.voxels) * z * y * x),
                number(centroid.x * x),
                number(centroid.y * y),
                number(centroid.z * z),
                number(
                    Double(faces.x) * z * y + Double(faces.y) * z * x + Double(faces.z) * y * x
                ),
            ]
        }
        for channel in channels.indices {
            let values = object.meanIntensities
            cells.append(values.indices.contains(channel) ? number(values[channel]) : "")
        }
        return cells
    }

    private func number(_ value: Double) -> String { ObjectTable.text(value) }
}
