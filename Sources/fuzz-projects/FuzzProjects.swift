import AnnotationSamples
import Annotations
import Files
import Foundation
import GRDB
import Imaging
import Prompting

/// Damages a project file, uses it, and counts what becomes of it: an error that is known, or a project that works.
///
/// Usage: `fuzz-projects COUNT [SEED]`. Input `n` of a seed is always the same; the input at hand lies in the folder that
/// is printed first.
@main
enum FuzzProjects {
    static func main() throws {
        let numbers = CommandLine.arguments.dropFirst().compactMap { UInt64($0) }
        let count = numbers.first ?? 10_000
        let seed = numbers.dropFirst().first ?? 1
        let folder = FileManager.default.temporaryDirectory.appending(path: "fuzz-projects")
        try? FileManager.default.removeItem(at: folder)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        print(folder.path)
        let whole = try sample(folder)
        for kind in Damage.allCases {
            var counts = Counts()
            for number in 0..<count {
                var generator = SplitMix64(seed: seed << 40 ^ number)
                let url = folder.appending(path: "input.usam")
                for ending in ["", "-wal", "-shm", "-lock"] {
                    try? FileManager.default.removeItem(atPath: url.path + ending)
                }
                try kind.damage(whole, url, &generator)
                do {
                    try use(url, &counts, &generator)
                } catch let error as ProjectError {
                    counts.refused += 1
                    precondition(!error.description.isEmpty, "an empty message")
                } catch {
                    print("input \(number): an error of another kind: \(error)")
                    exit(1)
                }
            }
            print("\(kind.rawValue): \(count) inputs of seed \(seed): \(counts.words)")
        }
    }

    private struct Counts {
        var refused = 0
        var failed = 0
        var found = 0
        var sound = 0

        var words: String {
            "\(refused) refused, \(failed) opened and an error later, \(found) with problems that the "
                + "check finds, \(sound) sound"
        }
    }

    /// A project with two images and some edits, undone ones among them.
    private static func sample(_ folder: URL) throws -> [UInt8] {
        let url = folder.appending(path: "whole.usam")
        let project = try Project.create(at: url)
        let shape = ImageShape(y: 270, x: 300)
        try project.addImages([
            ImageEntry(name: "a", path: "a.tif", shape: shape),
            ImageEntry(name: "b", path: "b.tif", shape: shape),
        ])
        var gestures = RandomGestures(seed: 3, size: shape.size)
        for image in [1, 2] as [Int64] {
            for _ in 0..<30 {
                let objects = try project.objects(image: image)
                let request = gestures.next(objects, base: nil, client: gestures.uuid())
                do {
                    _ = try request.send(to: project, image: image)
                } catch ProjectError.labelTaken {}
            }
        }
        try project.close()
        return try Array(Data(contentsOf: url))
    }

    /// What an annotator does with a project.
    private static func use(
        _ url: URL,
        _ counts: inout Counts,
        _ generator: inout SplitMix64
    ) throws {
        let project = try Project.open(at: url)
        defer { try? project.close() }
        var hasFailed = false
        func attempt(_ body: () throws -> Void) throws {
            do { try body() } catch is ProjectError { hasFailed = true }
        }
        let problems = try? project.check()
        var ids: [Int64] = []
        try attempt { ids = try project.images().map(\.id) }
        for id in ids.prefix(3) {
            let client = UUID()
            try attempt { try project.undo(image: id, client: client) }
            try attempt { try project.redo(image: id, client: client) }
            try attempt { _ = try project.history(image: id) }
            try attempt {
                for tile in try project.tiles(image: id).prefix(4) {
                    let address = tile.address
                    _ = try project.labels(
                        image: id,
                        t: address.t,
                        z: address.z,
                        row: address.row,
                        col: address.col
                    )
                }
            }
            try attempt {
                let objects = try project.objects(image: id)
                for object in objects.prefix(3) {
                    _ = try project.object(image: id, label: object.label)
                }
                let size = Size(width: 270, height: 270)
                var gestures = RandomGestures(seed: generator.next(), size: size)
                let known = objects.filter { Region(size).size.count > 0 && $0.box.isInside(size) }
                for _ in 0..<2 {
                    let request = gestures.next(known, base: nil, client: client)
                    try attempt { _ = try request.send(to: project, image: id) }
                }
            }
            try attempt { try project.goto(0, image: id, client: client) }
        }
        if hasFailed {
            counts.failed += 1
        } else if problems == [] {
            counts.sound += 1
        } else {
            counts.found += 1
        }
    }
}

/// How a file is damaged.
private enum Damage: String, CaseIterable {
    /// Bits, bytes, pieces and the end of the file.
    case bytes
    /// Values of rows, with SQLite's structures whole.
    case values

    func damage(_ whole: [UInt8], _ url: URL, _ generator: inout SplitMix64) throws {
        switch self {
        case .bytes:
            var bytes = whole
            for _ in 0..<Int.random(in: 1...6, using: &generator) { change(&bytes, &generator) }
            try Data(bytes).write(to: url)
        case .values:
            try Data(whole).write(to: url)
            try changeValues(url, &generator)
        }
    }

    private func change(_ bytes: inout [UInt8], _ generator: inout SplitMix64) {
        guard bytes.count > 16 else { return }
        let place = Int.random(in: 0..<bytes.count, using: &generator)
        let length = min(Int.random(in: 1...64, using: &generator), bytes.count - place)
        switch Int.random(in: 0..<8, using: &generator) {
        case 0: bytes.removeSubrange(place...)
        case 1: bytes.removeSubrange(place..<place + length)
        case 2: bytes.insert(contentsOf: bytes[place..<place + length], at: place)
        case 3: for index in place..<place + length { bytes[index] = 0 }
        case 4: bytes[min(place % 100, bytes.count - 1)] = .random(in: 0...255, using: &generator)
        case 5: for index in place..<place + length { bytes[index] = 255 }
        default: bytes[place] = .random(in: 0...255, using: &generator)
        }
    }

    private func changeValues(_ url: URL, _ generator: inout SplitMix64) throws {
        let database = try DatabaseQueue(path: url.path)
        try database.writeWithoutTransaction { db in
            try db.execute(sql: "PRAGMA synchronous = OFF")
            let tables = [
                "image", "blob", "tile", "prompt", "object", "present", "edit", "edit_tile",
                "edit_object", "request",
            ]
            for _ in 0..<Int.random(in: 1...3, using: &generator) {
                let table = tables[Int.random(in: tables.indices, using: &generator)]
                let columns = try db.columns(in: table)
                let column = columns[Int.random(in: columns.indices, using: &generator)]
                let skip = Int.random(in: 0..<12, using: &generator)
                let keys = try db.primaryKey(table).columns.joined(separator: ", ")
                let choice = "(\(keys)) IN (SELECT \(keys) FROM \(table) LIMIT 1 OFFSET \(skip))"
                // What a column does not take stays as it is.
                if Int.random(in: 0..<6, using: &generator) == 0 {
                    try? db.execute(sql: "DELETE FROM \(table) WHERE \(choice)")
                } else {
                    try? db.execute(
                        sql: "UPDATE \(table) SET \(column.name) = ? WHERE \(choice)",
                        arguments: [value(of: column.type, &generator)]
                    )
                }
            }
        }
        try database.close()
    }

    private func value(of type: String, _ generator: inout SplitMix64) -> DatabaseValue {
        let numbers: [Int64] = [
            0, 1, 2, 7, -1, 255, 256, 65_535, 65_536, 1 << 24, 1 << 32, .max, .min, 4_294_967_295,
        ]
        let number = numbers[Int.random(in: numbers.indices, using: &generator)]
        switch type {
        case "TEXT":
            let texts = ["", "x", "{}", "0", "new", "brush", "{\"prompts\": []}", "\u{0}é", "…"]
            return texts[Int.random(in: texts.indices, using: &generator)].databaseValue
        case "BLOB":
            let count = Int.random(in: 0..<60, using: &generator)
            return Data((0..<count).map { _ in .random(in: 0...255, using: &generator) })
                .databaseValue
        case "REAL": return Double(number).databaseValue
        default: return Int.random(in: 0..<5, using: &generator) == 0 ? .null : number.databaseValue
        }
    }
}
