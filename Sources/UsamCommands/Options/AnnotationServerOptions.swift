import AnnotationServer
import ArgumentParser
import Foundation
import Presentation
import WebClient

/// Where the annotator listens, and who may reach it.
struct AnnotationServerOptions: ParsableArguments {
    @Option(help: "The port (default: 8757, or the next one that is free).")
    var port: UInt16?

    @Option(
        help: ArgumentHelp(
            "The address to listen at. An address other than the local one needs --allow-network.",
            valueName: "address"
        )
    )
    var host = "127.0.0.1"

    @Flag(
        help: ArgumentHelp(
            "Let other machines reach the annotator.",
            discussion: "Anyone who has the address with its token can see and change the project, "
                + "and the connection is not encrypted. An SSH tunnel is the safer way."
        )
    )
    var allowNetwork = false

    @Option(
        help: ArgumentHelp(
            "A name under which browsers reach this machine, with --allow-network; can be repeated.",
            valueName: "name"
        )
    )
    var hostName: [String] = []

    @Flag(help: "Do not open a browser; only print the address.")
    var noBrowser = false

    @Option(
        help: ArgumentHelp(
            "Serve the page from this folder, for work on the page itself.",
            valueName: "folder"
        ),
        completion: .directory
    )
    var web: String?

    private static let loopback = ["127.0.0.1", "::1", "localhost"]
    private static let defaultPort = 8757
    private static let triedPorts = 50

    func validate() throws {
        if !Self.loopback.contains(host), !allowNetwork {
            throw ValidationError(
                "--host \(host) lets other machines reach the annotator; add --allow-network if this "
                    + "is intended, or leave --host out and use an SSH tunnel."
            )
        }
    }

    /// Whether a browser is wanted.
    var opensBrowser: Bool { !noBrowser }

    /// Names of this machine that requests may carry.
    var hostNames: Set<String> {
        guard allowNetwork else { return [] }
        return Set(([host, ProcessInfo.processInfo.hostName] + hostName).map { $0.lowercased() })
    }

    /// The folder of the page.
    func page() throws -> URL { try web.map { URL(filePath: $0) } ?? WebClient.folder() }

    /// Runs a server at the port that was asked for, or at the first free one.
    ///
    /// - Throws: ``CommandFailure`` if the port is taken.
    func firstFreePort(_ run: @Sendable (Int) async throws -> Void) async throws {
        if let port {
            do {
                return try await run(Int(port))
            } catch AnnotationServerError.portTaken {
                throw CommandFailure(
                    "port \(port) is taken; end the program that uses it, or leave --port out"
                )
            }
        }
        for port in Self.defaultPort..<Self.defaultPort + Self.triedPorts {
            do {
                return try await run(port)
            } catch AnnotationServerError.portTaken {
                continue
            }
        }
        try await run(0)
    }
}
