// All that a program of one's own needs, with one import; the documentation of the target has examples.

@_exported public import Checkpoints
@_exported public import Evaluation
@_exported public import ImageFormats
@_exported public import Imaging
@_exported public import Jobs
@_exported public import Judging
@_exported public import ModelZoo
@_exported public import Prompting
@_exported public import SegmentAnything
@_exported public import Segmentation
@_exported public import Torch
@_exported public import TrackFiles
@_exported public import Trackastra
@_exported public import Tracking
@_exported public import Training
@_exported public import Volumes
