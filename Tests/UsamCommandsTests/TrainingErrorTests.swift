import Imaging
import Testing
import Training
import UsamCommands

@Suite("Errors of a training on the command line")
struct TrainingErrorTests {
    @Test("Errors name the options that help")
    func options() throws {
        func text(_ error: any Error) -> String {
            String(Usam.ending(of: error).message.dropFirst("usam: ".count))
        }
        #expect(
            text(TrainingPlanError.openEnd)
                == "--cooldown lowers the learning rate to zero at the end, so --iterations must give "
                + "the length of the training"
        )
        let memory = TrainingPlanError.tooLittleMemory(
            needed: 20_000_000_000,
            available: 11_900_000_000,
            isGPU: false,
            savings: [.promptsAlone, .objectsPerImage(2), .recomputing, .frameSide(256)]
        )
        #expect(
            text(memory)
                == "this training needs about 20.0 GB of memory, but this machine has only 11.9 GB available; "
                + "these options would fit: --parts promptable --freeze image_encoder, --objects 2, "
                + "--checkpointing, --crop-side 256"
        )
        #expect(
            text(TrainingPlanError.enlargingPatches(largestSize: Size(width: 4000, height: 256)))
                == "--suited-diameter enlarges objects only with --framing frame, "
                + "but these images, of up to 4000 x 256 pixels, are learned in patches; leave "
                + "--suited-diameter out, or choose --framing frame"
        )
        #expect(
            text(TrainingPlanError.options(.fixedFrameSide(modelType: "vit_b")))
                == "frame side: must be 1024 for a vit_b, whose positions are absolute; leave out "
                + "--crop-side, or train a ViT-T such as usam-tiny"
        )
        #expect(
            text(TrainingDataError.separateChannels(file: "a.tif", count: 3))
                == "a.tif: it has 3 separate channels; choose one, or up to three as "
                + "colours, of 0...2 with --channels"
        )
        #expect(
            text(TrainingDataError.intensitiesOutOfRange(file: "a.tif", low: 0, high: 4095))
                == "a.tif: values reach from 0.0 to 4095.0, but unchanged intensities must be in "
                + "0...255; normalise the intensities, for example with --intensities image"
        )
        #expect(
            text(TrainingDataError.objectsTooSmall(file: "a.tif", count: 3, minimumSize: 25))
                == "a.tif: all 3 objects seen have fewer than 25 pixels; lower --min-size, or check "
                + "the labels"
        )
        #expect(
            text(TrainingRunError.outOfMemory(operation: "conv2d"))
                == "there was not enough memory (conv2d); start again with less at a time: "
                + "--batch-size 1, --checkpointing, a smaller --crop-side or --parts promptable"
        )
        #expect(
            text(TrainingRunError.otherModel(name: "m.pt", folder: "run"))
                == "the model 'm.pt' is no longer that of the run in run; restore the old file to "
                + "continue, or start again with --force"
        )
    }
}
