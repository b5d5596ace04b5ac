// Everything that a program needs: images, their files, models by name, and segmentation.
//
//     import MicroSAM
//
//     let files = try ModelZoo.standard.locate("usam-tiny")
//     let checkpoint = try SAMCheckpoint(contentsOf: files.model, decoder: files.decoder)
//     let predictor = ImagePredictor(try SegmentAnythingModel(checkpoint))
//     let image = try ImageSource(opening: URL(filePath: "cells.tif")).read()
//     let embedding = try predictor.embed(image.normalizedRGB())
//     let labels = try predictor.instanceMaps(of: embedding).segmented()
//     try labels.writeTIFF(to: URL(filePath: "labels.tif"))

@_exported public import Checkpoints
@_exported public import ImageFormats
@_exported public import Imaging
@_exported public import ModelZoo
@_exported public import Prompting
@_exported public import SegmentAnything
@_exported public import Segmentation
@_exported public import Torch
