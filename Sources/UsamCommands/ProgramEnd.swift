import ArgumentParser
import Foundation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// How the program ends after an error: what it says, and its exit status.
package struct ProgramEnd: Equatable {
    /// For standard output: help texts, the version.
    package var output = ""

    /// For standard error.
    package var message = ""

    /// The exit status: 0 for help, 64 for misuse, 1 for failures.
    package var status: Int32

    /// Describes an error that a command or the parser threw.
    package init(_ error: any Error) {
        status = Usam.exitCode(for: error).rawValue
        switch error {
        case is ExitCode:
            break
        case let failure as CommandFailure:
            message = "usam: \(failure.message)"
        case let misuse as ValidationError:
            message = "usam: \(misuse.message)"
        default:
            let text = Usam.fullMessage(for: error)
            if status == ExitCode.success.rawValue {
                output = text
            } else if status == ExitCode.validationFailure.rawValue {
                message = Self.renamed(text)
            } else {
                message = "usam: \(describe(error))"
            }
        }
    }

    /// The parser's message with our name in front.
    private static func renamed(_ text: String) -> String {
        let prefix = "Error: "
        return "usam: " + (text.hasPrefix(prefix) ? String(text.dropFirst(prefix.count)) : text)
    }

    /// Ends the process at once, after what was printed has left it.
    ///
    /// Destructors of libraries do not run: another thread may still be computing, and memory need
    /// not be tidied up.
    package static func exit(_ status: Int32) -> Never {
        fflush(nil)
        _exit(status)
    }
}

/// A failure that a command explains itself.
package struct CommandFailure: Error, Equatable, CustomStringConvertible {
    /// What went wrong, and what to do about it.
    package let message: String

    package init(_ message: String) { self.message = message }

    package var description: String { message }
}

/// An error of a library that the command line words itself, because it can name options.
package protocol CommandWording: Error {
    /// One line for the user.
    var commandText: String { get }
}

/// What an error says to the user, on one line wherever it comes from.
package func describe(_ error: any Error) -> String {
    ((error as? any CommandWording)?.commandText ?? String(describing: error))
        .split(whereSeparator: \.isNewline)
        .map { $0.trimmingCharacters(of: " \t") }
        .filter { !$0.isEmpty }
        .joined(separator: " ")
}

/// What an error says to the user, with the names of files as the user wrote them.
package func describe(_ error: any Error, naming paths: [String]) -> String {
    paths.reduce(describe(error)) { message, path in
        message.replacingOccurrences(of: URL(filePath: path).path, with: path)
    }
}

extension Substring {
    /// The text without these characters at its ends.
    fileprivate func trimmingCharacters(of set: String) -> Substring {
        let start = drop { set.contains($0) }
        guard let last = start.lastIndex(where: { !set.contains($0) }) else { return "" }
        return start[...last]
    }
}
