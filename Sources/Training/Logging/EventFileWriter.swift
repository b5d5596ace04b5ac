public import Foundation

/// Appends scalars and pictures to a TensorBoard event file.
///
/// A file is a sequence of records: length (8 bytes), its checksum, content, its checksum; checksums are
/// masked CRC-32C, the content is an `Event` in protocol buffer encoding. Records are written whole, so
/// that a killed run leaves a readable file. A resumed run begins another file in the same folder, which
/// TensorBoard joins.
///
/// - Source: `tensorflow/core/lib/io/record_writer.h`, `event.proto` and `summary.proto`.
public final class EventFileWriter {
    private let handle: FileHandle

    /// The file.
    public let url: URL

    /// Begins a file in `folder`, which is created if it is not there.
    ///
    /// - Throws: ``TrainingLogError`` if it cannot be written.
    public init(in folder: URL) throws {
        let time = Int(Date().timeIntervalSince1970)
        let host = ProcessInfo.processInfo.hostName
        let process = ProcessInfo.processInfo.processIdentifier
        var name = "events.out.tfevents.\(time).\(host).\(process).0"
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            var number = 0
            while FileManager.default.fileExists(atPath: folder.appendingPathComponent(name).path) {
                number += 1
                name = "events.out.tfevents.\(time).\(host).\(process).\(number)"
            }
            url = folder.appendingPathComponent(name)
            try Data().write(to: url)
            handle = try FileHandle(forWritingTo: url)
        } catch {
            throw TrainingLogError(path: folder.path, reason: error.localizedDescription)
        }
        var event = ProtocolBuffer()
        event.add(1, Date().timeIntervalSince1970)
        event.add(3, "brain.Event:2")
        try append(event)
    }

    deinit { try? handle.close() }

    /// Appends values of one step.
    ///
    /// - Parameter values: Tags such as `train/loss` and their values.
    public func add(_ values: [(tag: String, value: Double)], step: Int) throws {
        guard !values.isEmpty else { return }
        var summary = ProtocolBuffer()
        for (tag, value) in values {
            var scalar = ProtocolBuffer()
            scalar.add(1, tag)
            scalar.add(2, Float(value))
            summary.add(1, scalar)
        }
        try append(summary, step: step)
    }

    /// Appends a picture of one step.
    ///
    /// - Parameter png: The content of a PNG file.
    public func add(_ tag: String, png: [UInt8], width: Int, height: Int, step: Int) throws {
        var image = ProtocolBuffer()
        image.add(1, height)
        image.add(2, width)
        image.add(3, 3)
        image.add(4, png)
        var value = ProtocolBuffer()
        value.add(1, tag)
        value.add(4, image)
        var summary = ProtocolBuffer()
        summary.add(1, value)
        try append(summary, step: step)
    }

    private func append(_ summary: ProtocolBuffer, step: Int) throws {
        var event = ProtocolBuffer()
        event.add(1, Date().timeIntervalSince1970)
        event.add(2, step)
        event.add(5, summary)
        try append(event)
    }

    private func append(_ event: ProtocolBuffer) throws {
        let length = withUnsafeBytes(of: UInt64(event.bytes.count).littleEndian) { Array($0) }
        let record = length + Self.checksum(length) + event.bytes + Self.checksum(event.bytes)
        do {
            try handle.write(contentsOf: record)
        } catch {
            throw TrainingLogError(path: url.path, reason: error.localizedDescription)
        }
    }

    /// The checksum as record files store it: turned and moved, because checksums of data that contain
    /// their own checksum are of little use.
    private static func checksum(_ bytes: [UInt8]) -> [UInt8] {
        var value: UInt32 = ~0
        for byte in bytes {
            value = table[Int(UInt8(truncatingIfNeeded: value) ^ byte)] ^ value >> 8
        }
        value = ~value
        let masked = (value >> 15 | value << 17) &+ 0xA282_EAD8
        return withUnsafeBytes(of: masked.littleEndian) { Array($0) }
    }

    /// CRC-32C (Castagnoli), as RFC 3720 defines it.
    private static let table: [UInt32] = (0..<256).map { byte in
        (0..<8).reduce(UInt32(byte)) { value, _ in
            value & 1 == 1 ? 0x82F6_3B78 ^ value >> 1 : value >> 1
        }
    }
}

/// Why a log could not be written.
public struct TrainingLogError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The file.
    public let path: String
    /// What the system said.
    public let reason: String

    /// One line for the user.
    public var description: String { "\(path): the log cannot be written: \(reason)" }
}

/// A message in protocol buffer encoding: fields one after the other, no schema.
private struct ProtocolBuffer {
    private(set) var bytes: [UInt8] = []

    private enum WireType: Int {
        case variable = 0
        case fixed64 = 1
        case lengthDelimited = 2
        case fixed32 = 5
    }

    mutating func add(_ field: Int, _ value: Int) {
        key(field, .variable)
        variable(UInt64(bitPattern: Int64(value)))
    }

    mutating func add(_ field: Int, _ value: Double) {
        key(field, .fixed64)
        withUnsafeBytes(of: value.bitPattern.littleEndian) { bytes += $0 }
    }

    mutating func add(_ field: Int, _ value: Float) {
        key(field, .fixed32)
        withUnsafeBytes(of: value.bitPattern.littleEndian) { bytes += $0 }
    }

    mutating func add(_ field: Int, _ text: String) { add(field, Array(text.utf8)) }

    mutating func add(_ field: Int, _ message: ProtocolBuffer) { add(field, message.bytes) }

    mutating func add(_ field: Int, _ content: [UInt8]) {
        key(field, .lengthDelimited)
        variable(UInt64(content.count))
        bytes += content
    }

    private mutating func key(_ field: Int, _ type: WireType) {
        variable(UInt64(field << 3 | type.rawValue))
    }

    private mutating func variable(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }
}
