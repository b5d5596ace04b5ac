import ArgumentParser
import Testing
import UsamCommands

/// All options of micro-sam 1.8 and the common ones of Cellpose, as their users would type them.
@Suite("Options of micro-sam and Cellpose")
struct ForeignProgramTests {
    private static let inputs = "-i a.tif -m vit_b -c b.pt --decoder_path d.pt -d cpu"
    private static let tiles = "--tile_shape 384 384 --halo 64 64"

    @Test(
        "Whole commands of micro-sam are understood",
        arguments: [
            ("annotate", "\(inputs) \(tiles)"), ("annotate", "--input a.tif --model_type vit_b"),
            ("annotate", "--input_folder a -c b.pt"),
            ("embed", "--input_path a.tif -e s.zarr -k raw -m vit_b -c b.pt \(tiles)"),
            ("segment", "\(inputs) --output_path b.tif -k raw \(tiles) --mode ais"),
            ("segment", "-i a.tif b.tif -o c --embedding_path s --batch_size 2 --mode apg"),
            ("segment", "-i a.tif -o b.tif --center_distance_threshold 0.4"),
            ("track", "\(inputs) --output_path tracks -k raw \(tiles)"),
            ("track", "-i a.tif -s labels.tif -o tracks"),
            (
                "train",
                "--images a --labels b --image_key raw --label_key seg -d cpu --patch_shape 512 512 "
                    + "-m vit_b --checkpoint_path b.pt -s run --n_epochs 3 --batch_size 2"
            ),
            ("train", "--images a --labels b --val_images c --val_labels d --save_root run"),
            ("evaluate", "--labels a --predictions b --label_key x --prediction_key y -o c"),
            ("evaluate", "--labels a --predictions b --threshold 0.5 0.75 --output_path c"),
            ("evaluate automatic", "a.tif --labels b -m vit_b -c c.pt -d cpu --output_folder d"),
        ]
    )
    func understood(command: String, options: String) throws {
        let words = "\(command) \(options)".split(separator: " ").map(String.init)
        _ = try Usam.parseAsRoot(try Usam.understood(words))
    }

    @Test(
        "Options of micro-sam and Cellpose without counterpart are answered",
        arguments: [
            (
                "annotate a.tif",
                "-k -e --embedding_path -s -sk --segmentation_result --segmentation_key -o "
                    + "--precompute_amg_state --prefer_decoder --output_folder -p --pattern "
                    + "--initial_segmentation_folder --initial_segmentation_pattern --is_volumetric "
                    + "--skip_segmented"
            ),
            ("embed a.tif -o b.zarr", "--pattern -n --ndim -p --precompute_amg_state"),
            (
                "segment a.tif -o b.tif",
                "--pattern -n --ndim --annotate --tracking -v --verbose --stitch_threshold "
                    + "--anisotropy --norm_percentile --z_axis --channel_axis --exclude_on_edges "
                    + "--img_filter --do_3D --flow_threshold --cellprob_threshold --use_gpu --gpu_device "
                    + "--pretrained_model --chan --chan2 --save_tif --save_png --save_outlines "
                    + "--save_rois --save_txt --no_norm --invert"
            ),
            ("track a.tif -o b", "-e --embedding_path -n --ndim --tracking --pattern --verbose"),
            (
                "train --images a --labels b -o c",
                "--configuration --segmentation_decoder --preprocess --num_workers --val_image_key "
                    + "--val_label_key --trained_model_name --output_path --train --test_dir --dir "
                    + "--mask_filter --img_filter --diameter --diam_mean --verbose --use_gpu"
            ),
            ("evaluate --labels a --predictions b", "-v --verbose --input_folder --amg"),
            ("info", "--download"),
        ]
    )
    func answered(command: String, options: String) {
        for option in options.split(separator: " ") {
            let words = "\(command) \(option) 3".split(separator: " ").map(String.init)
            let error = #expect(throws: ValidationError.self, "\(option)") {
                try Usam.understood(words)
            }
            let text = error?.message ?? ""
            #expect(text.hasPrefix("\(option): ") && !text.contains("There is no"), "\(text)")
        }
    }

    @Test(
        "What an answer advises exists",
        arguments: ["segment", "embed", "prompt", "track", "train"]
    )
    func advice(command: String) {
        let known = Usam.helpMessage(
            for: Usam.configuration.subcommands.first {
                $0._commandName == command
            } ?? Usam.self
        )
        for option in ["--chan", "--n", "--no_norm", "--z_axis", "--preprocess", "--configuration"]
        {
            let words = [command, "a", option, "1"]
            guard let text = message(of: words), !text.contains("There is no option") else {
                continue
            }
            for advised in text.dropFirst(option.count).matches(of: /--[a-z][a-z-]+/) {
                #expect(known.contains(advised.output), "\(command): \(text)")
            }
        }
    }

    private func message(of words: [String]) -> String? {
        do {
            _ = try Usam.understood(words)
            return nil
        } catch {
            return (error as? ValidationError)?.message
        }
    }
}
