import Files
import Foundation

/// Where the attributes of a group or array are stored.
struct Attributes {
    let folder: URL
    let store: any ZarrStore
    let format: ZarrFormat

    private var path: String {
        folder.appending(path: format == .v2 ? ".zattrs" : "zarr.json").path
    }

    func read() throws(ZarrError) -> JSONObject {
        guard let json = try store.readJSON(path) else { return JSONObject() }
        guard let attributes = format == .v2 ? json : json["attributes"] else {
            return JSONObject()
        }
        guard let object = attributes.object else {
            throw .damaged(path, "the attributes are not an object")
        }
        return object
    }

    func write(_ attributes: JSONObject) throws(ZarrError) {
        if format == .v2 {
            try store.writeJSON(.object(attributes), to: path)
            return
        }
        guard var json = try store.readJSON(path)?.object else {
            throw .damaged(path, "no metadata")
        }
        json["attributes"] = .object(attributes)
        try store.writeJSON(.object(json), to: path)
    }
}
