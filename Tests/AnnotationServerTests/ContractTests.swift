import AnnotationServer
import Files
import Foundation
import HTTPTypes
import HummingbirdTesting
import Imaging
import Prompting
import Testing

/// docs/schema/annotation-server.openapi.json is what the server does.
@Suite("The contract as a document")
struct ContractTests {
    private static func document() throws -> [String: Any] {
        let file = URL(filePath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "docs/schema/annotation-server.openapi.json")
        let value = try JSONSerialization.jsonObject(with: Data(contentsOf: file))
        return try #require(value as? [String: Any])
    }

    @Test("Every operation stands in the document, and no other")
    func operations() async throws {
        try await Site.run { site in
            let paths = try #require(
                try Self.document()["paths"] as? [String: [String: [String: Any]]]
            )
            var documented: Set<String> = []
            for (path, methods) in paths {
                for (method, operation) in methods {
                    let name = operation["operationId"] as? String ?? ""
                    let body = operation["requestBody"] == nil ? "" : " with a body"
                    documented.insert("\(name): \(method) \(path)\(body)")
                    let given = (operation["parameters"] as? [[String: Any]] ?? [])
                        .filter { $0["in"] as? String == "path" }
                        .compactMap { $0["name"] as? String }
                    let named = path.matches(of: /\{([a-z]+)\}/).map { String($0.output.1) }
                    #expect(given == named, "\(path)")
                }
            }
            let served = site.server.operations.map { operation in
                let body = operation.takesBody ? " with a body" : ""
                let method = operation.method.rawValue.lowercased()
                return "\(operation.name): \(method) \(operation.path)\(body)"
            }
            #expect(Set(served) == documented)
            #expect(Set(site.server.operations.map(\.name)).count == served.count)
        }
    }

    @Test("Bodies have the forms of the document, with every range")
    func bodies() async throws {
        try await Site.run { site in
            let document = try Self.document()
            let paths = try #require(document["paths"] as? [String: [String: [String: Any]]])
            for operation in site.server.operations {
                guard let form = operation.body else { continue }
                let documented = paths[operation.path]?[operation.method.rawValue.lowercased()]
                let body = documented?["requestBody"] as? [String: Any]
                let content = body?["content"] as? [String: [String: Any]]
                let schema = try #require(content?["application/json"]?["schema"])
                let expected = try JSONSerialization.jsonObject(with: Data(form.schema.text.utf8))
                let found = Self.resolved(schema, document)
                #expect(
                    (found as? NSObject) == (expected as? NSObject),
                    "\(operation.name): \(form.schema.text)"
                )
            }
        }
    }

    @Test("The parameters of automatic segmentation are those that there are")
    func parameters() async throws {
        try await Site.run { site in
            let operation = try #require(site.server.operations.first { $0.name == "segment" })
            guard case .object(_, let members, _) = operation.body,
                case .object(_, let parameters, _) = members["parameters"]
            else { throw Site.NotServed() }
            let names = AutomaticMode.allCases.flatMap { ParameterTable.names(of: $0) }
            #expect(Set(parameters.keys) == Set(names))
        }
    }

    /// A schema without references and descriptions.
    private static func resolved(_ schema: Any, _ document: [String: Any]) -> Any {
        if let list = schema as? [Any] { return list.map { resolved($0, document) } }
        guard var members = schema as? [String: Any] else { return schema }
        if let name = (members["$ref"] as? String)?.split(separator: "/").last {
            let components = document["components"] as? [String: [String: Any]]
            return resolved(components?["schemas"]?[String(name)] ?? [:], document)
        }
        members["description"] = members["description"] is String ? nil : members["description"]
        return members.mapValues { resolved($0, document) }
    }

    @Test("All schemas that are referred to are there")
    func references() throws {
        let document = try Self.document()
        let components = document["components"] as? [String: Any]
        let schemas = try #require(components?["schemas"] as? [String: Any])
        let text = String(
            decoding: try JSONSerialization.data(
                withJSONObject: document,
                options: .withoutEscapingSlashes
            ),
            as: UTF8.self
        )
        let names = text.matches(of: /#\/components\/schemas\/([A-Za-z]+)/)
            .map { String($0.output.1) }
        #expect(names.count > 20)
        for name in Set(names) { #expect(schemas[name] != nil, "\(name)") }
        #expect(Set(names) == Set(schemas.keys))
    }

    @Test(
        "What is answered has the members that the document requires",
        arguments: [
            ("/project", "Project"), ("/images/1", "ImageSummary"), ("/models", nil),
            ("/images/1/objects", nil), ("/nothing", "Error"),
        ]
    )
    func answers(_ path: String, _ schema: String?) async throws {
        try await Site.run { site in
            let document = try Self.document()
            let components = document["components"] as? [String: Any]
            let schemas = try #require(components?["schemas"] as? [String: [String: Any]])
            let answer = try await site.get(path)
            guard let schema else { return #expect(!answer.isEmpty) }
            let properties = try #require(schemas[schema]?["properties"] as? [String: Any])
            let required = try #require(schemas[schema]?["required"] as? [String])
            #expect(Set(required).isSubset(of: answer.keys))
            #expect(Set(answer.keys).isSubset(of: properties.keys))
        }
    }
}
