/// A plane of a case in `../shared/cases`, and how many discs it shows, which tells the planes apart.
///
/// The one table of the numbers; what is read without a model and what the program segments is compared with it.
public struct CasePlane: Sendable, CustomStringConvertible {
    /// The file below the folder of the cases.
    public let path: String
    /// The channel by name or number; nil if there is one.
    public var channel: String?
    /// The slice; nil if there is one.
    public var z: Int?
    /// The time point; nil if there is one.
    public var t: Int?
    /// How many discs the plane shows.
    public let discs: Int

    /// The file and what chooses the plane.
    public var description: String {
        path
            + [("channel", channel), ("z", z.map(String.init)), ("t", t.map(String.init))]
            .compactMap { name, value in value.map { " \(name) \($0)" } }.joined()
    }

    /// How many discs a plane shows; nil for a plane that is not in the table.
    public static func discs(
        _ path: String,
        channel: String? = nil,
        z: Int? = nil,
        t: Int? = nil
    ) -> Int? {
        all.first { $0.path == path && $0.channel == channel && $0.z == z && $0.t == t }?.discs
    }

    /// The planes of all cases.
    public static let all = [
        CasePlane(path: "ome_multifile/scan_ch0.ome.tif", channel: "DAPI", discs: 12),
        CasePlane(path: "ome_multifile/scan_ch0.ome.tif", channel: "gfp", discs: 5),
        CasePlane(path: "ome_multifile/scan_ch1.ome.tif", channel: "0", discs: 12),
        CasePlane(path: "ome_multifile/scan_ch1.ome.tif", channel: "1", discs: 5),
        CasePlane(path: "lsm/stack.lsm", channel: "0", z: 0, discs: 2),
        CasePlane(path: "lsm/stack.lsm", channel: "0", z: 3, discs: 5),
        CasePlane(path: "lsm/stack.lsm", channel: "1", z: 3, discs: 3),
        CasePlane(path: "stk/timelapse.stk", z: 0, discs: 2),
        CasePlane(path: "stk/timelapse.stk", z: 2, discs: 4),
        CasePlane(path: "stk/timelapse.stk", z: 3, discs: 5),
        CasePlane(path: "shaped/cyx.tif", channel: "0", discs: 12),
        CasePlane(path: "shaped/cyx.tif", channel: "1", discs: 5),
        CasePlane(path: "dpi/screen72.png", discs: 12),
        CasePlane(path: "imagej_onepage/hyperstack_t4.tif", t: 0, discs: 2),
        CasePlane(path: "imagej_onepage/hyperstack_t4.tif", t: 3, discs: 5),
        CasePlane(path: "ome_xml/entity.ome.tif", channel: "DAPI", discs: 12),
        CasePlane(path: "ome_xml/entity.ome.tif", channel: "GFP", discs: 5),
        CasePlane(path: "zarr_missing_level/missing.ome.zarr", discs: 12),
        CasePlane(path: "plate/single.zarr", channel: "DAPI", discs: 4),
        CasePlane(path: "plate/single.zarr", channel: "GFP", discs: 2),
        CasePlane(path: "hdf5/ilastik_yxc1.h5", discs: 12),
        CasePlane(path: "n5/raw2d.n5", discs: 12),
        CasePlane(path: "units/unit_latin1.tif", discs: 12),
        CasePlane(path: "sloppy_tiff/interrupted.tif", z: 0, discs: 2),
        CasePlane(path: "sloppy_tiff/interrupted.tif", z: 2, discs: 4),
        CasePlane(path: "values/float_tiny.tif", discs: 12),
        CasePlane(path: "prompt_tables/image.tif", discs: 12),
        CasePlane(path: "rois/image.tif", discs: 12),
    ]
}
