public import Foundation
public import Imaging

/// One thing that a user does with the labels of an image: one step of undo, one transaction.
///
/// Objects that are locked are changed only by gestures that name them.
public struct Gesture: Hashable, Sendable {
    /// By what the gesture is recognised when it is sent again.
    public var key: UUID

    /// The window, or the program, that sends it.
    public var client: UUID

    /// The edit that was current for the client, 0 before the first; nil applies the gesture to whatever is
    /// there.
    public var base: Int64?

    /// The time point that masks and positions refer to.
    public var t: Int

    /// The slice that masks and positions refer to.
    public var z: Int

    /// What is done.
    public var action: Action

    /// Describes a gesture.
    public init(
        _ action: Action,
        key: UUID = UUID(),
        client: UUID,
        base: Int64? = nil,
        t: Int = 0,
        z: Int = 0
    ) {
        self.action = action
        self.key = key
        self.client = client
        self.base = base
        self.t = t
        self.z = z
    }

    /// What a gesture does.
    public enum Action: Hashable, Sendable {
        /// Makes an object, or gives an object that was opened again new pixels and prompts.
        case commit(NewObject, replacing: UInt32? = nil, OverlapRule = .keep)
        /// Makes several objects.
        case commitMany([NewObject], OverlapRule = .keep)
        /// Makes one object of masks on several planes, or gives an object that was there new pixels on these planes.
        case commitVolume([NewObject], replacing: UInt32? = nil, OverlapRule = .keep)
        /// Makes objects that automatic segmentation found, and notes how if that is known.
        case accept([NewObject], OverlapRule = .keep, AutomaticSettings? = nil)
        /// Makes objects that another program found, to be corrected.
        case importLabels([NewObject], OverlapRule = .keep)
        /// Adds pixels to an object; 0 makes a new one.
        case paint(label: UInt32, BoxMask, OverlapRule = .keep)
        /// Takes pixels from all objects that are not locked, or from one.
        case erase(BoxMask, label: UInt32? = nil)
        /// Gives the background that is enclosed around a pixel to an object; 0 makes a new one.
        case fill(label: UInt32, y: Int, x: Int)
        /// Gives the background inside of objects to them.
        case fillHoles([UInt32])
        /// Smooths the outlines of objects by the majority within a radius in pixels.
        case smooth([UInt32], radius: Int)
        /// Cuts an object along a line; a width of 0 leaves no gap.
        case split(UInt32, line: [Point<OriginalPixels>], width: Double)
        /// Joins objects; the first one stays.
        case merge([UInt32])
        /// Removes objects.
        case delete([UInt32])
        /// Gives an object another, free label.
        case relabel(from: UInt32, to: UInt32)
        /// Changes the tracks of a movie.
        case track(TrackEdit)
        /// Gives objects of a movie the labels of tracks that a linker has found.
        case link(TrackLabels)
        /// Says what kind of objects these are; nil takes it back.
        case setClass([UInt32], String?)
        /// Names an object; nil takes the name back.
        case setName(UInt32, String?)
        /// Marks objects.
        case setFlags([UInt32], FlagChange)
        /// Says how far the work on the image is.
        case setStatus(ImageStatus)
    }

    /// Marks that are set or removed; those that are nil stay.
    public struct FlagChange: Hashable, Codable, Sendable {
        /// Whether only gestures that name the object may change it.
        public var locked: Bool?
        /// Whether a person has agreed with the object.
        public var accepted: Bool?
        /// Whether a person has doubts about the object.
        public var doubtful: Bool?

        /// Describes a change of marks.
        public init(locked: Bool? = nil, accepted: Bool? = nil, doubtful: Bool? = nil) {
            self.locked = locked
            self.accepted = accepted
            self.doubtful = doubtful
        }
    }
}

extension Gesture.Action {
    /// The kinds of gesture, as the JSON form names them.
    public enum Kind: String, Hashable, Codable, Sendable, CaseIterable {
        /// A ``Gesture/Action/commit(_:replacing:_:)``.
        case commit
        /// A ``Gesture/Action/commitMany(_:_:)``.
        case commitMany
        /// A ``Gesture/Action/commitVolume(_:replacing:_:)``.
        case commitVolume
        /// A ``Gesture/Action/accept(_:_:_:)``.
        case accept
        /// A ``Gesture/Action/importLabels(_:_:)``.
        case importLabels
        /// A ``Gesture/Action/paint(label:_:_:)``.
        case paint
        /// A ``Gesture/Action/erase(_:label:)``.
        case erase
        /// A ``Gesture/Action/fill(label:y:x:)``.
        case fill
        /// A ``Gesture/Action/fillHoles(_:)``.
        case fillHoles
        /// A ``Gesture/Action/smooth(_:radius:)``.
        case smooth
        /// A ``Gesture/Action/split(_:line:width:)``.
        case split
        /// A ``Gesture/Action/merge(_:)``.
        case merge
        /// A ``Gesture/Action/delete(_:)``.
        case delete
        /// A ``Gesture/Action/relabel(from:to:)``.
        case relabel
        /// A ``Gesture/Action/track(_:)``.
        case track
        /// A ``Gesture/Action/link(_:)``.
        case link
        /// A ``Gesture/Action/setClass(_:_:)``.
        case setClass = "class"
        /// A ``Gesture/Action/setName(_:_:)``.
        case setName = "name"
        /// A ``Gesture/Action/setFlags(_:_:)``.
        case setFlags = "flags"
        /// A ``Gesture/Action/setStatus(_:)``.
        case setStatus = "status"
    }

    /// Which kind this is.
    public var kind: Kind {
        switch self {
        case .commit: .commit
        case .commitMany: .commitMany
        case .commitVolume: .commitVolume
        case .accept: .accept
        case .importLabels: .importLabels
        case .paint: .paint
        case .erase: .erase
        case .fill: .fill
        case .fillHoles: .fillHoles
        case .smooth: .smooth
        case .split: .split
        case .merge: .merge
        case .delete: .delete
        case .relabel: .relabel
        case .track: .track
        case .link: .link
        case .setClass: .setClass
        case .setName: .setName
        case .setFlags: .setFlags
        case .setStatus: .setStatus
        }
    }
}
