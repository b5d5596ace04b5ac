import Foundation
public import ImageFormats
public import Imaging
public import Prompting

/// What a replay has found.
public struct ReplayReport: Hashable, Codable, Sendable {
    /// How many edits were done again.
    public var edits = 0
    /// How many masks were predicted again from their prompts.
    public var remade = 0
    /// The lowest intersection over union of a stored mask and the one that was predicted again; nil if none
    /// was.
    public var lowestOverlap: Double?
    /// Their mean.
    public var meanOverlap: Double?
    /// Pixels of all planes whose label differs in the end.
    public var differentPixels = 0
    /// Whether labels and objects are the same in the end.
    public var isEqual = true
}

extension Project {
    /// Predicts the mask of an object once more, from its prompts and model; nil keeps the stored one.
    public typealias MaskMaker = (_ object: NewObject, _ t: Int, _ z: Int) throws -> RunLengthMask?

    /// Segments the plane of an object once more with the model of the object; nil keeps the stored masks.
    public typealias LabelMaker = (
        _ settings: AutomaticSettings, _ object: NewObject, _ plane: PlaneIndex
    ) throws -> LabelImage?

    /// Does all edits of an image again that lead to the present state, and compares the labels.
    ///
    /// - Parameters:
    ///   - image: The image.
    ///   - remake: Predicts masks once more; without it those that are stored are used, and the labels must be
    ///     the same.
    ///   - segment: The same for objects of automatic segmentation.
    ///   - work: Is told of the edits, and may be cancelled.
    /// - Throws: ``ProjectError``; what `remake` and `segment` throw; `CancellationError`.
    public func replay(
        _ image: Int64,
        remaking remake: MaskMaker? = nil,
        segmenting segment: LabelMaker? = nil,
        _ work: Work = Work()
    ) throws -> ReplayReport {
        let folder = FileManager.default.temporaryDirectory.appending(path: "replay-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let copy = try Project.create(at: folder.appending(path: "replay.usam"))
        defer { try? copy.close() }
        let entry = try self.image(image).entry
        let other = try copy.addImages([entry])[0]
        var report = ReplayReport()
        var maker = Remaking(size: entry.shape.size, make: remake, segment: segment)
        let edits = Array(try history(image: image).filter { !$0.undone }.reversed())
        for edit in edits {
            try work.advance(report.edits, of: edits.count)
            let gesture = try maker.remade(try read { try $0.gesture(edit.edit) })
            if try !copy.repeats(gesture, on: other, mayFail: remake != nil || segment != nil) {
                report.isEqual = false
            }
            report.edits += 1
        }
        report.remade = maker.overlaps.count
        report.lowestOverlap = maker.overlaps.min()
        if !maker.overlaps.isEmpty {
            report.meanOverlap = maker.overlaps.reduce(0, +) / Double(maker.overlaps.count)
        }
        try compare(image, with: copy, other, &report)
        return report
    }

    /// Does a gesture again.
    ///
    /// - Returns: False if an object that it corrects did not come to be the second time.
    private func repeats(
        _ gesture: Gesture,
        on image: Int64,
        mayFail: Bool
    ) throws(ProjectError) -> Bool {
        do {
            _ = try apply(gesture, to: image)
            return true
        } catch {
            guard mayFail, case .unknownObject = error else { throw error }
            return false
        }
    }

    private func compare(
        _ image: Int64,
        with copy: Project,
        _ other: Int64,
        _ report: inout ReplayReport
    ) throws {
        let (mine, theirs) = (try tiles(image: image), try copy.tiles(image: other))
        let hashes = Dictionary(
            theirs.map { ($0.address, $0.hash) },
            uniquingKeysWith: { first, _ in first }
        )
        let own = Set(mine.map(\.address))
        let changed =
            mine.filter { hashes[$0.address] != $0.hash }.map(\.address)
            + theirs.map(\.address).filter { !own.contains($0) }
        for address in changed {
            func bytes(_ project: Project, _ id: Int64) throws -> [UInt8] {
                try project.labels(
                    image: id,
                    t: address.t,
                    z: address.z,
                    row: address.row,
                    col: address.col
                ).bytes
            }
            let (a, b) = (try bytes(self, image), try bytes(copy, other))
            for start in stride(from: 0, to: a.count, by: 4)
            where a[start..<start + 4] != b[start..<start + 4] {
                report.differentPixels += 1
            }
        }
        if report.differentPixels > 0 { report.isEqual = false }
        let (before, after) = (try objects(image: image), try copy.objects(image: other))
        if before != after { report.isEqual = false }
    }
}
