import Evaluation
import Foundation
import ImageFormats
import Imaging
import TestFixtures
import Testing
import Tracking

/// A movie of labels with the table of its tracks.
struct ScoredMovie {
    let frames: [LabelImage]
    let records: [TrackRecord]

    init(frames: [LabelImage], records: [TrackRecord]) {
        (self.frames, self.records) = (frames, records)
    }

    /// Reads a movie of the fixtures and the table beside it.
    init(_ name: String) throws {
        let folder = Fixtures.folder.appendingPathComponent("ctc_metrics")
        let source = try ImageSource(opening: folder.appendingPathComponent("\(name).tif"))
        let axes = source.description.axes
        frames = try (0..<axes.t * axes.z).map {
            try source.readLabels(PlaneIndex(t: $0 / axes.z, z: $0 % axes.z))
        }
        let table = try String(
            contentsOf: folder.appendingPathComponent("\(name).txt"),
            encoding: .utf8
        )
        records = try table.split(separator: "\n").map { line in
            let numbers = line.split(separator: " ").compactMap { Int($0) }
            try #require(numbers.count == 4)
            return TrackRecord(
                id: UInt32(numbers[0]),
                first: numbers[1],
                last: numbers[2],
                parent: numbers[3] == 0 ? nil : UInt32(numbers[3])
            )
        }
    }

    /// A movie drawn with one row of pixels for each frame; blanks are background.
    init(_ rows: [String], _ records: [TrackRecord]) throws {
        frames = try rows.map { row in
            let labels = row.map { UInt32(String($0)) ?? 0 }
            return try LabelImage(size: Size(width: labels.count, height: 1), labels: labels)
        }
        self.records = records
    }

    func score(against truth: ScoredMovie) throws -> TrackScore {
        var comparison = TrackComparison(truth: truth.records, result: records)
        for (truth, result) in zip(truth.frames, frames) {
            try comparison.add(truth: truth, result: result)
        }
        return comparison.score()
    }

    /// The same tracks with other numbers.
    func renumbered(_ number: (UInt32) -> UInt32) throws -> ScoredMovie {
        ScoredMovie(
            frames: try frames.map { frame in
                try LabelImage(
                    size: frame.size,
                    labels: frame.labels.map { $0 == 0 ? 0 : number($0) }
                )
            },
            records: records.map {
                TrackRecord(
                    id: number($0.id),
                    first: $0.first,
                    last: $0.last,
                    parent: $0.parent.map(number)
                )
            }
        )
    }
}

extension TrackScore {
    /// A measure by its name; nil if it has no value.
    subscript(name: String) -> Double? { values.first { $0.name == name }.flatMap(\.value) }
}
