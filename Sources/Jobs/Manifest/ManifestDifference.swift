import Foundation

/// A value that differs between two runs.
public struct ManifestDifference: Hashable, Sendable, CustomStringConvertible {
    /// Which value, as a path into the settings: `automatic.watershed.minimum_size`.
    public let key: String

    /// The value of the first run; `none` where it had none.
    public let before: String

    /// The value of the second run; `none` where it has none.
    public let now: String

    /// `tiling: automatic, now never`.
    public var description: String { "\(key): \(before), now \(now)" }

    /// What two values do not have in common, in the order of the keys.
    public static func all(_ old: some Encodable, _ new: some Encodable) throws
        -> [ManifestDifference]
    {
        let (old, new) = (try flattened(old), try flattened(new))
        return Set(old.keys).union(new.keys).sorted().compactMap { key in
            let (before, now) = (old[key] ?? "none", new[key] ?? "none")
            return before == now ? nil : ManifestDifference(key: key, before: before, now: now)
        }
    }
}

/// The values of nested objects by their paths.
private func flattened(_ value: some Encodable) throws -> [String: String] {
    let data = Data(try JSONText.encodeLine(value).utf8)
    let json = try JSONSerialization.jsonObject(with: data)
    var result: [String: String] = [:]
    func add(_ json: Any, _ path: String) {
        switch json {
        case let object as [String: Any]:
            for (key, value) in object { add(value, path.isEmpty ? key : "\(path).\(key)") }
        case let list as [Any]:
            result[path] = list.map { "\($0)" }.joined(separator: ",")
        default:
            result[path] = "\(json)"
        }
    }
    add(json, "")
    return result
}
