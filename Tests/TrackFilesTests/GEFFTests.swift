import Files
import Foundation
import Imaging
import TestFixtures
import Testing
import TrackFiles
import Tracking
import Zarr

/// The tracks of the fixtures, as the reference has them.
struct ExpectedTracks {
    let json: JSONValue

    init() throws {
        let url = Fixtures.folder.appending(path: "geff_expected.json")
        json = try JSONValue(parsing: [UInt8](Data(contentsOf: url)))
    }

    var nodes: [JSONValue] { json["nodes"]?.array ?? [] }

    /// Parents and children by the numbers of nodes.
    var edges: Set<[Int]> {
        Set((json["edges"]?.array ?? []).map { $0.array?.prefix(2).compactMap(\.integer) ?? [] })
    }

    /// Compares nodes and links; names are `offset` higher.
    func check(_ graph: LineageGraph, offset: Int = 0, tolerance: Double = 1e-9) throws {
        #expect(graph.count == nodes.count)
        for expected in nodes {
            let id = try #require(expected["id"]?.integer) + offset
            let node = try #require(graph[LineageNode.ID(id)])
            #expect(node.frame == expected["t"]?.integer)
            let (y, x) = (expected["y"]?.number ?? 0, expected["x"]?.number ?? 0)
            #expect(abs(node.centroid.y - y) <= tolerance && abs(node.centroid.x - x) <= tolerance)
        }
        let found = graph.links.map { [$0.parent.number - offset, $0.child.number - offset] }
        #expect(Set(found) == edges && found.count == edges.count)
    }
}

@Suite("GEFF of the reference", .enabled(if: Fixtures.areAvailable))
struct GEFFFixtureTests {
    @Test("Graphs in Zarr 2 and 3 are read", arguments: ["geff_zarr2", "geff_zarr3"])
    func formats(name: String) throws {
        let file = try GEFFFile(reading: Fixtures.folder.appending(path: "\(name).geff"))
        let expected = try ExpectedTracks()
        try expected.check(file.graph)
        #expect(file.labelProperty == "label")
        for node in expected.nodes {
            let found = try #require(file.graph[LineageNode.ID(node["id"]?.integer ?? -1)])
            #expect(Int(found.label) == node["label"]?.integer)
            #expect(Double(found.area) == node["area"]?.number)
            let number = try #require(file.graph.trackNumber(of: found.id))
            #expect(Int(number) == node["track_id"]?.integer)
        }
    }

    @Test(
        "A graph that was converted from a folder of the challenge is read; its labels are the tracks"
    )
    func converted() throws {
        let url = Fixtures.folder.appending(path: "geff_from_ctc.geff")
        let file = try GEFFFile(reading: url)
        let expected = try ExpectedTracks()
        #expect(file.labelProperty == "tracklet_id" && file.graph.count == expected.nodes.count)
        #expect(file.graph.links.count == expected.edges.count)
        let labels = expected.nodes.compactMap { $0["track_id"]?.integer }.sorted()
        #expect(file.graph.nodes.map { Int($0.label) }.sorted() == labels)
    }
}

@Suite("GEFF that is damaged")
struct HostileGEFFTests {
    /// A small graph in both versions, written once: most of the time goes into waiting for the disk.
    private static let originals: (v2: TemporaryFolder, v3: TemporaryFolder) = {
        func write(_ format: ZarrFormat) -> TemporaryFolder {
            do {
                let folder = try TemporaryFolder()
                try GEFFWriter(format: format).write(MovieSample().graph, to: folder.file("a.geff"))
                return folder
            } catch { preconditionFailure("\(error)") }
        }
        return (write(.v2), write(.v3))
    }()

    /// Changes a copy of the graph, and gives the kind of error that reading it ends in.
    private func kind(
        format: ZarrFormat = .v2,
        _ change: (ZarrGroup) throws -> Void
    ) throws -> TrackFileError.Kind? {
        let folder = try TemporaryFolder()
        let original = format == .v2 ? Self.originals.v2 : Self.originals.v3
        try FileManager.default.copyItem(at: original.file("a.geff"), to: folder.file("a.geff"))
        let group = try ZarrGroup(opening: folder.file("a.geff"))
        try change(group)
        do { _ = try GEFFFile(reading: folder.file("a.geff")) } catch let error as TrackFileError {
            #expect("\(error)".contains("a.geff"))
            return error.kind
        }
        return nil
    }

    private func set(_ array: String, _ place: Int, to value: UInt64) -> (ZarrGroup) throws -> Void
    {
        { group in
            let array = try group.array(array)
            var bytes = try array.read()
            withUnsafeBytes(of: value) {
                bytes.replaceSubrange(8 * place..<8 * place + 8, with: $0)
            }
            try array.write(bytes)
        }
    }

    private func describe(_ change: @escaping (inout JSONObject) -> Void) -> (ZarrGroup) throws ->
        Void
    {
        { group in
            var attributes = try group.attributes()
            var geff = try #require(attributes["geff"]?.object)
            change(&geff)
            attributes["geff"] = .object(geff)
            try group.setAttributes(attributes)
        }
    }

    @Test("Wrong values end in an error of the right kind")
    func values() throws {
        #expect(try kind { _ in } == nil)
        #expect(try kind(set("nodes/ids", 1, to: 0)) == .usedTwice)
        #expect(try kind(set("edges/ids", 0, to: 9_999)) == .unknownParent)
        #expect(try kind(set("edges/ids", 0, to: .max)) == .unknownParent)
        #expect(try kind(set("nodes/props/t/values", 0, to: .max)) == .unsupported)
        #expect(try kind(set("nodes/props/t/values", 0, to: 99)) == .notForward)
        #expect(try kind(set("nodes/props/t/values", 0, to: 1 << 50)) == .unsupported)
        #expect(try kind(set("nodes/props/x/values", 0, to: Double.nan.bitPattern)) == .damaged)
        #expect(try kind(set("nodes/props/area/values", 0, to: 1 << 60)) == .damaged)
        #expect(try kind(set("nodes/props/box_x/values", 0, to: 1 << 62)) == .damaged)
        // Labels that are none are not used; names that are large are counted.
        #expect(try kind(set("nodes/props/label/values", 0, to: 0)) == nil)
        #expect(try kind(set("nodes/props/track_id/values", 0, to: 1 << 40)) == nil)
    }

    @Test("A link from the child to another mother is an error")
    func parents() throws {
        let change: (ZarrGroup) throws -> Void = { group in
            let array = try group.array("edges/ids")
            var bytes = try array.read()
            // The second link leads to the child of the first.
            bytes.replaceSubrange(24..<32, with: bytes[8..<16])
            try array.write(bytes)
        }
        let found = try kind(change)
        #expect(found == .severalParents || found == .notForward)
    }

    @Test("Descriptions that are not those of a graph end in an error")
    func descriptions() throws {
        for format in [ZarrFormat.v2, .v3] {
            #expect(try kind(format: format) { try $0.setAttributes([:]) } == .cannotOpen)
            #expect(
                try kind(format: format, describe { $0["geff_version"] = "0.5" }) == .unsupported
            )
            #expect(try kind(format: format, describe { $0["geff_version"] = 1 }) == .unsupported)
            #expect(
                try kind(format: format, describe { $0["axes"] = [["name": "t"]] }) == .unsupported
            )
            #expect(try kind(format: format, describe { $0["axes"] = nil }) == nil)
            let foreign: JSONValue = [
                ["name": "../../x", "type": "space"], ["name": "y", "type": "space"],
            ]
            #expect(try kind(format: format, describe { $0["axes"] = foreign }) == .damaged)
            #expect(try kind(format: format, describe { $0["axes"] = "x" }) == nil)
        }
    }

    @Test("Arrays that are missing, or of other shapes, end in an error")
    func shapes() throws {
        func remove(_ name: String) -> (ZarrGroup) throws -> Void {
            { try FileManager.default.removeItem(at: $0.url.appending(path: name)) }
        }
        func replace(_ name: String, _ shape: [Int]) -> (ZarrGroup) throws -> Void {
            { group in
                try remove(name)(group)
                _ = try group.createArray(
                    name,
                    shape: shape,
                    dataType: .int64,
                    options: .init(chunkShape: shape.map { min($0, 1000) })
                )
            }
        }
        #expect(try kind(remove("nodes/props/t")) == .damaged)
        #expect(try kind(replace("nodes/props/y/values", [3])) == .damaged)
        #expect(try kind(replace("edges/ids", [4])) == .damaged)
        #expect(try kind(replace("edges/ids", [4, 3])) == .damaged)
        #expect(try kind(replace("nodes/ids", [1 << 40])) == .tooLarge)
        #expect(try kind(replace("edges/ids", [1 << 50, 2])) == .tooLarge)
        #expect(throws: (any Error).self) { try kind(remove("nodes/ids")) }
        #expect(throws: (any Error).self) { try kind(remove("edges")) }
    }
}
