import Testing
import Tracking

@Suite struct TrackRecordTests {
    @Test func aTrackWithoutMotherHasNoParent() {
        #expect(TrackRecord(id: 1, first: 0, last: 4).parent == nil)
    }
}
