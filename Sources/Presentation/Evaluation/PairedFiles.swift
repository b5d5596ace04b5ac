import Files
public import ImageFormats
import Jobs
import Terminal

/// Images or predictions that a command names, paired with their labels.
public struct PairedFiles {
    /// What label images are called that are scored.
    public static let predictions = "prediction"

    /// The pairs, in natural order of the images.
    public let pairs: [AnnotatedImage]

    /// Finds and pairs files; says what is left out, and which pairs only their order tells.
    ///
    /// - Parameters:
    ///   - files: Images or predictions: files, folders or patterns.
    ///   - labels: Annotated label images: files, folders or patterns.
    ///   - reading: How both are read.
    ///   - kind: What `files` are called in messages.
    /// - Throws: ``CommandFailure`` if they cannot be paired.
    public init(
        _ files: [String],
        labels: [String],
        reading: AnnotatedImage.ReadingOptions = .init(),
        called kind: String = "image"
    ) throws {
        let notes = NoteDisplay(.system)
        func paths(_ names: [String], of kind: InputList.Kind) throws -> [String] {
            let list = try InputList(names, of: kind)
            try list.requireFiles()
            list.printLeftOut(.system, besides: [.result, .folder])
            return list.paths.sorted { $0.naturallyPrecedes($1) }
        }
        let isLabels = kind == Self.predictions
        let images = try paths(files, of: isLabels ? .labels : .images)
        let found = try Self.paired(images, paths(labels, of: .labels), reading, called: kind)
        notes.show(found.notes)
        let unused = found.unusedLabels
        if !unused.isEmpty {
            Console.system.printError(
                "usam: \(Wording.count(unused.count, "label image")) without \(kind) not used: "
                    + Wording.list(unused.prefix(5).map { FileName.last(of: $0) })
                    + (unused.count > 5 ? " and \(unused.count - 5) more" : "")
            )
        }
        pairs = found.pairs
    }

    private static func paired(
        _ files: [String],
        _ labels: [String],
        _ reading: AnnotatedImage.ReadingOptions,
        called kind: String
    ) throws -> ImagePairing {
        do {
            return try ImagePairing(images: files, labels: labels, reading: reading)
        } catch {
            guard case .unpaired(let unpaired) = error else { throw error }
            throw CommandFailure(unpaired.text(kind))
        }
    }

    /// At most so many pairs, evenly spread over all; the same ones in every run.
    public func limited(to limit: Int?) -> [AnnotatedImage] { pairs.evenlySpread(limit) }
}

extension DataSetError.Unpaired {
    /// What is said of files that `usam evaluate` cannot pair.
    fileprivate func text(_ kind: String) -> String {
        let lonely = commonCount > 0 ? images.first ?? labels.first : nil
        return "there are \(Wording.count(imageCount, kind)) and "
            + "\(Wording.count(labelCount, "label image")), which cannot be paired"
            + (lonely.map { "; for example, \($0) has no partner of the same name" } ?? "")
            + "; give equal numbers of both, in separate folders or patterns"
    }
}
