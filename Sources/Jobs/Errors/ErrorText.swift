import Foundation
public import Prompting

/// How errors become the sentences that reports and manifests hold.
///
/// A program with words of its own, such as the names of its options, gives its own.
public typealias ErrorWording = @Sendable (any Error) -> String

/// How notes of readers become the sentences that reports and manifests hold.
public typealias NoteWording = @Sendable (ReadingNote) -> String

/// What errors say, as text for reports.
public enum ErrorText {
    /// The description of an error on one line.
    public static func line(_ error: any Error) -> String { oneLine(String(describing: error)) }

    /// A text on one line, without spaces at the ends of its lines.
    public static func oneLine(_ text: String) -> String {
        text.split(whereSeparator: \.isNewline)
            .map { $0.trimmingCharacters(in: CharacterSet(charactersIn: " \t")) }
            .filter { !$0.isEmpty }
            .joined(separator: " ")
    }

    /// A message with the names of files as the user wrote them, in place of their whole paths.
    public static func naming(_ paths: [String], in message: String) -> String {
        paths.reduce(message) { message, path in
            message.replacingOccurrences(of: URL(filePath: path).path, with: path)
        }
    }
}
