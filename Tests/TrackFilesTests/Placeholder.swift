import TrackFiles
