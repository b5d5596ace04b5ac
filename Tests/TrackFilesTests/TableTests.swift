import Files
import Foundation
import ImageFormats
import Imaging
import Testing
import TrackFiles
import Tracking

@Suite("Tables and trees of tracks")
struct TableTests {
    /// A square that walks two pixels a frame, is missing once, and divides.
    private func movie() throws -> (graph: LineageGraph, frames: [LabelImage]) {
        let squares: [[(UInt32, Int)]] = [[(1, 0)], [(1, 2)], [], [(1, 6)], [(2, 4), (3, 10)]]
        let frames = squares.map { squares in
            var image = LabelImage(size: Size(width: 14, height: 3))
            for (label, x) in squares {
                for pixel in [(x, 0), (x + 1, 0), (x, 1), (x + 1, 1)] {
                    image[x: pixel.0, y: pixel.1] = label
                }
            }
            return image
        }
        let records = [
            TrackRecord(id: 1, first: 0, last: 3), TrackRecord(id: 2, first: 4, last: 4, parent: 1),
            TrackRecord(id: 3, first: 4, last: 4, parent: 1),
        ]
        return (try LineageGraph(records, objects: frames.map { try $0.measurements() }), frames)
    }

    @Test("A table of tracks")
    func tracks() throws {
        let table = TrackTable(
            try movie().graph,
            physicalSize: PhysicalSize(x: 0.5, y: 0.5, unit: "\u{B5}m", t: 10, timeUnit: "min")
        )
        #expect(
            table.csv == """
                track,parent,lineage,generation,first_frame,last_frame,objects,gaps,daughters,mean_area,first_x,\
                first_y,last_x,last_y,path,displacement,speed,path_um,displacement_um,speed_um_per_min
                1,,1,0,0,3,3,1,2 3,4,0.5,0.5,6.5,0.5,6,6,2,3,3,0.1
                2,1,1,1,4,4,1,0,,4,4.5,0.5,4.5,0.5,0,0,,0,0,
                3,1,1,1,4,4,1,0,,4,10.5,0.5,10.5,0.5,0,0,,0,0,

                """
        )
        #expect(TrackTable(LineageGraph()).csv.split(separator: "\n").count == 1)
    }

    @Test("A table of objects, frame by frame")
    func objects() throws {
        let (graph, frames) = try movie()
        let folder = try TemporaryFolder()
        var table = try TrackedObjectTable(
            creating: folder.file("o.csv"),
            of: graph,
            channelNames: ["DAPI, red"],
            channelCount: 1
        )
        for frame in frames {
            let image = AnyRaster.uint8(Raster(repeating: 7, size: frame.size))
            try table.append(frame.measurements(of: image))
        }
        try table.finish()
        let read = CSVTable(text: try String(contentsOf: folder.file("o.csv"), encoding: .utf8))
        #expect(read.header.prefix(4) == ["frame", "track", "label", "area"])
        #expect(read.header.last == "mean_intensity_DAPI, red")
        #expect(
            read.rows.map { Array($0.prefix(4)) } == [
                ["0", "1", "1", "4"], ["1", "1", "1", "4"], ["3", "1", "1", "4"],
                ["4", "2", "2", "4"],
                ["4", "3", "3", "4"],
            ]
        )
        #expect(read.rows.allSatisfy { $0.last == "7" && $0.count == read.header.count })
    }

    @Test("Rows for napari: daughters point to their mothers")
    func napari() throws {
        let tracks = NapariTracks(try movie().graph)
        #expect(tracks.rows.map(\.track) == [1, 1, 1, 2, 3] && tracks.rows[1].x == 2.5)
        #expect(tracks.parents == [2: [1], 3: [1]])
        #expect(tracks.csv.hasPrefix("ID,T,Y,X,parent\n1,0,0.5,0.5,\n"))
    }

    @Test("Lineage trees as a picture")
    func trees() throws {
        let svg = try movie().graph.treesAsSVG(title: "a < b")
        #expect(svg.components(separatedBy: "<circle").count == 4)
        #expect(svg.contains("stroke-dasharray") && svg.contains("a &lt; b"))
        #expect(LineageGraph().treesAsSVG().contains("</svg>"))
    }
}
