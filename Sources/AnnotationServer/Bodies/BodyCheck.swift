import Files
import Foundation
import HTTPTypes
import NIOCore

/// Compares a body with its form, value by value, before anything is made of it.
struct BodyCheck {
    private enum Step {
        case name(String)
        case index(Int)
    }

    private var path: [Step] = []

    /// Nothing that a page sends is nested more deeply.
    private static let rules = JSONRules.strict(maximumDepth: 32)

    /// Checks a whole body.
    ///
    /// - Throws: ``ServerError`` that names the member, what stands there and what may stand there.
    static func check(_ body: ByteBuffer, _ form: BodyForm) throws {
        var reader = JSONReader(Array(body.readableBytesView), rules)
        var check = BodyCheck()
        do {
            try check.value(&reader, form)
            try reader.finish()
        } catch let error as JSONError {
            throw ServerError.malformed("the body is not usable: \(error.description)")
        }
    }

    private mutating func value(_ reader: inout JSONReader, _ form: BodyForm) throws {
        switch (form, reader.kind()) {
        case (.object(let required, let optional, let passesOver), .object):
            try object(&reader, required, optional, passesOver)
        case (.list(let form, let count), .array): try list(&reader, form, count)
        case (_, .object): throw misplaced("an object", form)
        case (_, .array): throw misplaced("a list", form)
        default: try single(try reader.value(), form)
        }
    }

    private mutating func list(
        _ reader: inout JSONReader,
        _ form: BodyForm,
        _ wanted: ClosedRange<Int>
    ) throws {
        path.append(.index(0))
        var count = 0
        try reader.eachElement { reader in
            path[path.count - 1] = .index(count)
            count += 1
            try value(&reader, form)
        }
        path.removeLast()
        guard !wanted.contains(count) else { return }
        let limit =
            if wanted.lowerBound == wanted.upperBound {
                "\(wanted.lowerBound)"
            } else if count < wanted.lowerBound {
                "at least \(wanted.lowerBound)"
            } else {
                "at most \(wanted.upperBound)"
            }
        throw ServerError.malformed("\(place) holds \(count) values; it must hold \(limit)")
    }

    private mutating func object(
        _ reader: inout JSONReader,
        _ required: [String: BodyForm],
        _ optional: [String: BodyForm],
        _ passesOver: Bool
    ) throws {
        var missing = Set(required.keys)
        try members(&reader) { check, reader, name in
            check.path.append(.name(name))
            defer { check.path.removeLast() }
            if let form = required[name] {
                try check.value(&reader, form)
                missing.remove(name)
            } else if let form = optional[name] {
                try check.optional(&reader, form)
            } else if passesOver {
                try reader.skipValue()
            } else {
                let known = (Array(required.keys) + optional.keys).sorted()
                    .joined(separator: ", ")
                throw ServerError.malformed(
                    "\(check.place) is not known; its names are "
                        + (known.isEmpty ? "none" : known)
                )
            }
        }
        if let name = missing.min() {
            throw ServerError.malformed("\(place) lacks '\(name)'")
        }
    }

    /// Each member of an object, with its name once.
    private mutating func members(
        _ reader: inout JSONReader,
        _ body: (inout BodyCheck, inout JSONReader, String) throws -> Void
    ) throws {
        var names: Set<String> = []
        try reader.eachMember { reader, name in
            guard names.insert(name).inserted else {
                throw ServerError.malformed("\(place) holds '\(name)' twice")
            }
            try body(&self, &reader, name)
        }
    }

    private mutating func optional(_ reader: inout JSONReader, _ form: BodyForm) throws {
        guard reader.kind() == .other else { return try value(&reader, form) }
        let found = try reader.value()
        if found != .null { try single(found, form) }
    }

    private func single(_ found: JSONValue, _ form: BodyForm) throws {
        switch (form, found) {
        case (.text, .string), (.truth, .bool), (.numberOrTruth, .bool): return
        case (.identifier, .string(let text)) where UUID(uuidString: text) != nil: return
        case (.word(let words), .string(let text)) where words.contains(text): return
        case (.integer(let range), .integer(let number)) where range.contains(number): return
        case (.integer(let range), .number(let number)):
            if let whole = Int(exactly: number), range.contains(whole) { return }
        case (.number(let range), _), (.numberOrTruth(let range), _):
            if let number = found.number, range.contains(number) { return }
        default: break
        }
        throw misplaced(found, form)
    }

    // MARK: - What is wrong

    private func misplaced(_ found: JSONValue, _ form: BodyForm) -> ServerError {
        switch found {
        case .integer, .number:
            // A number where one belongs, but not this one.
            guard form.isNumber else { return misplaced(found.text, form) }
            return ServerError(
                .unprocessableContent,
                "out_of_range",
                "\(place) is \(found.text); it must be \(form.words)"
            )
        case .string(let text):
            let isShort = text.count <= 40
            return misplaced(isShort ? JSONValue.string(text).text : "a text", form)
        default: return misplaced(found.text, form)
        }
    }

    private func misplaced(_ found: String, _ form: BodyForm) -> ServerError {
        .malformed("\(place) is \(found); it must be \(form.words)")
    }

    private var place: String {
        guard !path.isEmpty else { return "the body" }
        let names = path.map { step in
            switch step {
            case .name(let name): name.count <= 40 ? name : name.prefix(40) + "…"
            case .index(let index): "\(index)"
            }
        }
        return "'\(names.joined(separator: "."))' of the body"
    }
}

extension BodyForm {
    fileprivate var isNumber: Bool {
        switch self {
        case .integer, .number, .numberOrTruth: true
        default: false
        }
    }

    /// What may stand there, for people.
    fileprivate var words: String {
        switch self {
        case .integer(let range):
            "a whole number from \(range.lowerBound) to \(range.upperBound)"
        case .number(let range):
            "a number from \(Self.text(range.lowerBound)) to \(Self.text(range.upperBound))"
        case .numberOrTruth(let range):
            "true, false, or a number from \(Self.text(range.lowerBound)) to \(Self.text(range.upperBound))"
        case .truth: "true or false"
        case .text: "a text"
        case .identifier: "a UUID"
        case .word(let words): "one of " + words.joined(separator: ", ")
        case .list: "a list"
        case .object: "an object"
        }
    }

    private static func text(_ number: Double) -> String {
        Int(exactly: number).map { "\($0)" } ?? "\(number)"
    }
}
