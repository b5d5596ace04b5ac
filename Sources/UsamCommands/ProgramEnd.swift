import ArgumentParser
import Presentation

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
        case let stop as StoppedBySignal:
            status = stop.status
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
}
