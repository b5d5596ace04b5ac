import ArgumentParser
import Foundation
import Jobs

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// How the program ends after an error: what it says, and its exit status.
public struct ProgramEnd: Hashable, Sendable {
    /// For standard output: help texts, the version.
    public private(set) var output = ""

    /// For standard error.
    public private(set) var message = ""

    /// The exit status: 0 for help, 64 for misuse, 1 for failures.
    public private(set) var status: Int32

    /// Describes an error that a command or the parser threw.
    init(_ error: any Error) {
        status = Usam.exitCode(for: error).rawValue
        switch error {
        case is ExitCode:
            break
        case let failure as CommandFailure:
            message = "usam: \(failure)"
        case let misuse as ValidationError:
            message = "usam: \(misuse.message)"
        case let error as any WordedError:
            message = "usam: \(describe(error))"
            if error.isMisuse { status = ExitCode.validationFailure.rawValue }
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
    static func exit(_ status: Int32) -> Never {
        fflush(nil)
        _exit(status)
    }
}

/// A failure that a command explains itself.
struct CommandFailure: Error, CustomStringConvertible {
    /// What went wrong, and what to do about it.
    let description: String

    init(_ description: String) { self.description = description }
}

/// What an error says to the user, on one line wherever it comes from.
func describe(_ error: any Error) -> String {
    guard let worded = error as? any WordedError else { return ErrorText.line(error) }
    return ErrorText.oneLine(worded.words)
}

/// What an error says to the user, with the names of files as the user wrote them.
func describe(_ error: any Error, naming paths: [String]) -> String {
    ErrorText.naming(paths, in: describe(error))
}
