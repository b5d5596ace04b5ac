import Foundation
import Imaging

// The JSON form of a gesture: the keys of what is done stand beside `key`, `client`, `base`, `t`, `z` and `kind`.
extension Gesture: Codable {
    private enum Key: String, CodingKey {
        case key, client, base, t, z, kind
        case objects, replaces, rule, label, labels, mask, y, x, radius, line, width, from, to
        case name, status, automatic
        case category = "class"
    }

    /// Reads the JSON form, and refuses what could not be used.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: Key.self)
        key = try values.decode(UUID.self, forKey: .key)
        client = try values.decode(UUID.self, forKey: .client)
        base = try values.decodeIfPresent(Int64.self, forKey: .base)
        t = try values.decodeIfPresent(Int.self, forKey: .t) ?? 0
        z = try values.decodeIfPresent(Int.self, forKey: .z) ?? 0
        action = try Self.action(values, decoder)
    }

    private static func action(
        _ values: KeyedDecodingContainer<Key>,
        _ decoder: any Decoder
    ) throws -> Action {
        let kind = try values.decode(Action.Kind.self, forKey: .kind)
        let rule = try values.decodeIfPresent(OverlapRule.self, forKey: .rule) ?? .keep
        func label(_ key: Key = .label) throws -> UInt32 {
            try values.decode(UInt32.self, forKey: key)
        }
        func labels() throws -> [UInt32] { try values.decode([UInt32].self, forKey: .labels) }
        func objects() throws -> [NewObject] {
            try values.decode([NewObject].self, forKey: .objects)
        }
        func mask() throws -> BoxMask { try values.decode(BoxMask.self, forKey: .mask) }
        func text(_ key: Key) throws -> String? {
            try values.decodeIfPresent(String.self, forKey: key)
        }
        switch kind {
        case .commit:
            let replaced = try values.decodeIfPresent(UInt32.self, forKey: .replaces)
            var object = try NewObject(from: decoder)
            // Of a single object these are the keys of the gesture.
            (object.t, object.z) = (nil, nil)
            return .commit(object, replacing: replaced, rule)
        case .commitMany: return .commitMany(try objects(), rule)
        case .commitVolume:
            let replaced = try values.decodeIfPresent(UInt32.self, forKey: .replaces)
            return .commitVolume(try objects(), replacing: replaced, rule)
        case .accept:
            return .accept(
                try objects(),
                rule,
                try values.decodeIfPresent(AutomaticSettings.self, forKey: .automatic)
            )
        case .importLabels: return .importLabels(try objects(), rule)
        case .paint: return .paint(label: try label(), try mask(), rule)
        case .erase:
            let only = try values.decodeIfPresent(UInt32.self, forKey: .label)
            return .erase(try mask(), label: only)
        case .fill:
            return .fill(
                label: try label(),
                y: try values.decode(Int.self, forKey: .y),
                x: try values.decode(Int.self, forKey: .x)
            )
        case .fillHoles: return .fillHoles(try labels())
        case .smooth:
            return .smooth(try labels(), radius: try values.decode(Int.self, forKey: .radius))
        case .split: return try split(values, label())
        case .merge: return .merge(try labels())
        case .delete: return .delete(try labels())
        case .relabel: return .relabel(from: try label(.from), to: try label(.to))
        case .track: return .track(try TrackEdit(from: decoder))
        case .link: return .link(try TrackLabels(from: decoder))
        case .setClass: return .setClass(try labels(), try text(.category))
        case .setName: return .setName(try label(), try text(.name))
        case .setFlags: return .setFlags(try labels(), try FlagChange(from: decoder))
        case .setStatus:
            return .setStatus(try values.decode(ImageStatus.self, forKey: .status))
        }
    }

    private static func split(
        _ values: KeyedDecodingContainer<Key>,
        _ label: UInt32
    ) throws -> Action {
        let line = try values.decode([[Double]].self, forKey: .line).map { pair in
            guard pair.count == 2 else {
                throw DecodingError.dataCorruptedError(
                    forKey: .line,
                    in: values,
                    debugDescription: "a position is [y, x], not \(pair.count) numbers"
                )
            }
            return Point<OriginalPixels>(x: pair[1], y: pair[0])
        }
        let width = try values.decodeIfPresent(Double.self, forKey: .width) ?? 0
        return .split(label, line: line, width: width)
    }

    /// Writes the JSON form.
    public func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: Key.self)
        try values.encode(key, forKey: .key)
        try values.encode(client, forKey: .client)
        try values.encodeIfPresent(base, forKey: .base)
        try values.encode(t, forKey: .t)
        try values.encode(z, forKey: .z)
        try values.encode(action.kind, forKey: .kind)
        try encodeAction(into: &values, encoder)
    }

    private func encodeAction(
        into values: inout KeyedEncodingContainer<Key>,
        _ encoder: any Encoder
    ) throws {
        switch action {
        case .commit(let object, let replaced, let rule):
            try object.encode(to: encoder)
            try values.encodeIfPresent(replaced, forKey: .replaces)
            try values.encode(rule, forKey: .rule)
        case .commitMany(let objects, let rule), .importLabels(let objects, let rule):
            try values.encode(objects, forKey: .objects)
            try values.encode(rule, forKey: .rule)
        case .accept(let objects, let rule, let settings):
            try values.encode(objects, forKey: .objects)
            try values.encode(rule, forKey: .rule)
            try values.encodeIfPresent(settings, forKey: .automatic)
        case .commitVolume(let parts, let replaced, let rule):
            try values.encode(parts, forKey: .objects)
            try values.encodeIfPresent(replaced, forKey: .replaces)
            try values.encode(rule, forKey: .rule)
        case .paint(let label, let mask, let rule):
            try values.encode(label, forKey: .label)
            try values.encode(mask, forKey: .mask)
            try values.encode(rule, forKey: .rule)
        case .erase(let mask, let label):
            try values.encode(mask, forKey: .mask)
            try values.encodeIfPresent(label, forKey: .label)
        case .fill(let label, let y, let x):
            try values.encode(label, forKey: .label)
            try values.encode(y, forKey: .y)
            try values.encode(x, forKey: .x)
        case .smooth(let labels, let radius):
            try values.encode(labels, forKey: .labels)
            try values.encode(radius, forKey: .radius)
        case .split(let label, let line, let width):
            try values.encode(label, forKey: .label)
            try values.encode(line.map { [$0.y, $0.x] }, forKey: .line)
            try values.encode(width, forKey: .width)
        case .fillHoles(let labels), .merge(let labels), .delete(let labels):
            try values.encode(labels, forKey: .labels)
        case .relabel(let from, let to):
            try values.encode(from, forKey: .from)
            try values.encode(to, forKey: .to)
        case .track(let edit): try edit.encode(to: encoder)
        case .link(let labels): try labels.encode(to: encoder)
        case .setClass(let labels, let category):
            try values.encode(labels, forKey: .labels)
            try values.encode(category, forKey: .category)
        case .setName(let label, let name):
            try values.encode(label, forKey: .label)
            try values.encode(name, forKey: .name)
        case .setFlags(let labels, let flags):
            try values.encode(labels, forKey: .labels)
            try flags.encode(to: encoder)
        case .setStatus(let status): try values.encode(status, forKey: .status)
        }
    }
}
