import Files
import Foundation

/// Images or predictions together with the annotated labels that belong to them.
package struct ImagePairs: Equatable {
    /// A file and its labels.
    package struct Pair: Hashable, Sendable {
        /// The image, or the predicted labels.
        package let file: String

        /// The annotated labels.
        package let labels: String

        /// Name of the image without folder and ending.
        package let name: String
    }

    /// The pairs, in natural order of their names.
    package private(set) var pairs: [Pair]

    /// Pairs files by their names without ending if every image has labels of its name, otherwise
    /// by their natural order.
    ///
    /// - Parameters:
    ///   - kind: What `files` are called in messages, for example `image`.
    ///   - files: Images or predictions: files, folders or patterns.
    ///   - labels: Annotated label images: files, folders or patterns.
    /// - Throws: ``CommandFailure`` if there are not as many labels as files.
    package init(_ kind: String, _ files: [String], labels: [String]) throws {
        let files = try InputList(files).paths.sorted { $0.naturallyPrecedes($1) }
        let labels = try InputList(labels).paths.sorted { $0.naturallyPrecedes($1) }
        if files.count > 1, let matched = Self.matchedByName(files, labels) {
            pairs = matched
            return
        }
        guard files.count == labels.count else {
            let lonely = Self.lonely(files, labels)
            throw CommandFailure(
                "there are \(Wording.count(files.count, kind)) and "
                    + "\(Wording.count(labels.count, "label image")), which can not be paired"
                    + (lonely.map { "; for example, \($0) has no partner of its name" } ?? "")
                    + "; give as many of both, in folders or patterns of their own"
            )
        }
        pairs = zip(files, labels).map { file, labels in
            Pair(file: file, labels: labels, name: Self.stem(file))
        }
        makeNamesUnique()
    }

    /// The pairs if each file has exactly one label image of its name; nil otherwise.
    ///
    /// Labels without an image are left out only where names decide.
    private static func matchedByName(_ files: [String], _ labels: [String]) -> [Pair]? {
        let byName = Dictionary(grouping: labels, by: stem)
        guard Set(files.map(stem)).count == files.count else { return nil }
        let pairs = files.compactMap { file -> Pair? in
            guard let found = byName[stem(file)], found.count == 1 else { return nil }
            return Pair(file: file, labels: found[0], name: stem(file))
        }
        return pairs.count == files.count ? pairs : nil
    }

    private static func lonely(_ files: [String], _ labels: [String]) -> String? {
        let (fileNames, labelNames) = (Set(files.map(stem)), Set(labels.map(stem)))
        guard !fileNames.isDisjoint(with: labelNames) else { return nil }
        return files.first { !labelNames.contains(stem($0)) }
            ?? labels.first { !fileNames.contains(stem($0)) }
    }

    /// The name without folder and endings; the data set of a container is kept, so that several of
    /// one file differ.
    private static func stem(_ path: String) -> String { FileName.stem(path, dataset: .kept) }

    /// Files of one name in several folders get a number, because results go by name.
    private mutating func makeNamesUnique() {
        var seen: [String: Int] = [:]
        pairs = pairs.map { pair in
            let count = seen[pair.name, default: 0] + 1
            seen[pair.name] = count
            guard count > 1 else { return pair }
            return Pair(file: pair.file, labels: pair.labels, name: "\(pair.name)_\(count)")
        }
    }

    /// At most so many pairs, evenly spread over all; the same ones in every run.
    package func limited(to limit: Int?) -> [Pair] {
        guard let limit, limit < pairs.count else { return pairs }
        return (0..<limit).map { pairs[($0 * 2 + 1) * pairs.count / (2 * limit)] }
    }
}
