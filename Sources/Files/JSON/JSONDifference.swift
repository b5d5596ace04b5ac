import Foundation

/// A value that differs between two values of a type, by its name in JSON.
public struct JSONDifference: Hashable, Sendable, CustomStringConvertible {
    /// Which value, as a path into the settings: `automatic.watershed.minimum_size`.
    public let key: String

    /// The value of the first; `none` where it has none.
    public let before: String

    /// The value of the second; `none` where it has none.
    public let now: String

    /// Creates a difference that was found in another way.
    public init(key: String, before: String, now: String) {
        (self.key, self.before, self.now) = (key, before, now)
    }

    /// `tiling: automatic, now never`.
    public var description: String { "\(key): \(before), now \(now)" }

    /// What two values do not have in common, in the order of the keys.
    public static func all(_ old: some Encodable, _ new: some Encodable) throws
        -> [JSONDifference]
    {
        let (old, new) = (try flattened(old), try flattened(new))
        return Set(old.keys).union(new.keys).sorted().compactMap { key in
            let (before, now) = (old[key] ?? "none", new[key] ?? "none")
            return before == now ? nil : JSONDifference(key: key, before: before, now: now)
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
