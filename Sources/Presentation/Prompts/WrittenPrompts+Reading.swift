public import Prompting

extension WrittenPoint {
    /// Reads the text.
    ///
    /// - Throws: ``CommandFailure`` that says how points are written.
    public static func read(_ text: String) throws -> WrittenPoint {
        guard let point = WrittenPoint(text) else {
            throw CommandFailure(
                "write y,x or y,x,label with commas; the label is positive, negative, 1 or 0"
            )
        }
        return point
    }
}

extension WrittenBox {
    /// Reads the text.
    ///
    /// - Throws: ``CommandFailure`` that says how boxes are written.
    public static func read(_ text: String) throws -> WrittenBox {
        guard let box = WrittenBox(text) else {
            throw CommandFailure(
                "write y0,x0,y1,x1 with commas: the corners at the top and the bottom"
            )
        }
        return box
    }
}

extension WrittenOutline {
    /// Reads the text.
    ///
    /// - Throws: ``CommandFailure`` that says how outlines are written.
    public static func read(_ text: String) throws -> WrittenOutline {
        guard let outline = WrittenOutline(text) else {
            throw CommandFailure(
                "write positions y,x with spaces between them, all in quotation marks: '3,4 5,9 8,2'"
            )
        }
        return outline
    }
}
