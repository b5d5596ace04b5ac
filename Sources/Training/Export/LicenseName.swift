/// Identifiers of licences, as the list of SPDX has them.
public enum LicenseName {
    /// Those that models and data usually have.
    public static let examples = ["CC-BY-4.0", "CC0-1.0", "MIT", "Apache-2.0", "BSD-3-Clause"]

    /// The identifiers that are known.
    public static let known =
        examples + [
            "0BSD", "AFL-3.0", "AGPL-3.0-only", "AGPL-3.0-or-later", "Artistic-2.0", "BSD-2-Clause",
            "BSL-1.0", "CC-BY-1.0", "CC-BY-2.0", "CC-BY-2.5", "CC-BY-3.0", "CC-BY-NC-2.0",
            "CC-BY-NC-3.0", "CC-BY-NC-4.0", "CC-BY-NC-ND-3.0", "CC-BY-NC-ND-4.0", "CC-BY-NC-SA-2.0",
            "CC-BY-NC-SA-3.0", "CC-BY-NC-SA-4.0", "CC-BY-ND-3.0", "CC-BY-ND-4.0", "CC-BY-SA-2.0",
            "CC-BY-SA-3.0", "CC-BY-SA-4.0", "CDLA-Permissive-1.0", "CDLA-Permissive-2.0",
            "CDLA-Sharing-1.0", "CECILL-2.1", "ECL-2.0", "EPL-1.0", "EPL-2.0", "EUPL-1.1",
            "EUPL-1.2",
            "GPL-2.0-only", "GPL-2.0-or-later", "GPL-3.0-only", "GPL-3.0-or-later", "ISC",
            "LGPL-2.1-only", "LGPL-2.1-or-later", "LGPL-3.0-only", "LGPL-3.0-or-later", "LPPL-1.3c",
            "MIT-0", "MPL-2.0", "MS-PL", "MulanPSL-2.0", "NCSA", "ODC-By-1.0", "ODbL-1.0",
            "OFL-1.1",
            "OSL-3.0", "PDDL-1.0", "PostgreSQL", "Python-2.0", "UPL-1.0", "Unlicense", "W3C",
            "WTFPL",
            "Zlib",
        ]

    /// Whether a text is an identifier: one that is known, or a name of one's own after `LicenseRef-`.
    public static func isKnown(_ text: String) -> Bool {
        let reference = "LicenseRef-"
        return known.contains(text)
            || text.hasPrefix(reference) && text.count > reference.count
                && text.dropFirst(reference.count).allSatisfy {
                    $0.isASCII && ($0.isLetter || $0.isNumber || "-.".contains($0))
                }
    }
}
