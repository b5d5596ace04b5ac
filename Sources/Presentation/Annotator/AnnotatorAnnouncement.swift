import Files
public import Foundation
public import Terminal

/// Says where the annotator is, and opens it.
public struct AnnotatorAnnouncement: Sendable {
    private let console: Console
    private let opensBrowser: Bool
    private let environment: [String: String]

    /// Will say where the annotator is.
    ///
    /// - Parameter environment: The variables of the process.
    public init(
        _ console: Console,
        opensBrowser: Bool,
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) {
        self.console = console
        self.opensBrowser = opensBrowser
        self.environment = environment
    }

    /// Shows the address of a server that has begun.
    public func show(_ address: URL) {
        console.print(address.absoluteString)
        if let hint = tunnelHint(address) { console.printError(hint) }
        guard opensBrowser, !isRemote else { return }
        if !open(address) {
            console.printError("usam: no browser could be opened here; open the address above")
        }
    }

    /// Whether the user sits elsewhere.
    private var isRemote: Bool {
        ["SSH_CONNECTION", "SSH_CLIENT", "SSH_TTY"].contains { environment[$0]?.isEmpty == false }
    }

    /// How the page comes to the browser where the user sits; nil where that is here.
    public func tunnelHint(_ address: URL) -> String? {
        guard isRemote, let port = address.port else { return nil }
        let user = environment["USER"].map { "\($0)@" } ?? ""
        let host = ProcessInfo.processInfo.hostName
        return """
            usam: you are connected by SSH. Run this on your own computer, and open the address \
            above there:
              ssh -N -L \(port):127.0.0.1:\(port) \(user)\(host)
            """
    }

    private func open(_ address: URL) -> Bool {
        #if os(macOS)
            let opener = "/usr/bin/open"
        #else
            guard environment["DISPLAY"] != nil || environment["WAYLAND_DISPLAY"] != nil,
                let opener = program("xdg-open")
            else { return false }
        #endif
        let process = Process()
        process.executableURL = URL(filePath: opener)
        process.arguments = [address.absoluteString]
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        return (try? process.run()) != nil
    }

    private func program(_ name: String) -> String? {
        (environment["PATH"] ?? "").split(separator: ":")
            .map { FileName.join(String($0), name) }
            .first { FileManager.default.isExecutableFile(atPath: $0) }
    }
}
