using System.Text.Json;
using Spindle.Models.Backbones;
using Spindle.Models.Checkpoints;

namespace Spindle.Models.Generation;

/// <summary>The default generation options of a checkpoint, as <c>generate</c> of HF transformers reads them: <c>generation_config.json</c>, or where it is absent the
/// same keys in <c>config.json</c>. Keys that have no effect here are ignored.</summary>
public static class GenerationDefaults
{
    private const string FileName = "generation_config.json";
    private const string OldFileName = "config.json";
    private const int DefaultLength = 20; // of HF transformers, with the start token
    private const int DefaultTopK = 50;
    private const int LargestLength = 1 << 20;
    private const int LargestBeams = 1000;

    /// <summary>Reads the options.</summary>
    /// <param name="nameOrFolder">The checkpoint's folder.</param>
    /// <param name="backbone">Its backbone, which may be an outline. Ids must be in its vocabulary and lengths within its positions. Its start and end tokens
    /// are the defaults.</param>
    /// <returns>Options that <see cref="GenerationOptions.Validate"/> accepts.</returns>
    /// <exception cref="DirectoryNotFoundException">There is no such checkpoint.</exception>
    /// <exception cref="InvalidDataException">The file is damaged, or a value is invalid or unsupported.</exception>
    public static GenerationOptions Read(string nameOrFolder, ISequenceToSequence backbone)
    {
        var folder = BackboneFolder.Locate(nameOrFolder);
        var keys = BackboneConfiguration.Read(folder, File.Exists(Path.Combine(folder, FileName)) ? FileName : OldFileName);
        // the last token of a text is generated but never read
        var longest = (int)Math.Min(backbone.MaximumLength + 1L, LargestLength);
        // max_new_tokens excludes the start token and takes precedence over max_length
        var maximum = keys.Find("max_new_tokens") is null
            ? keys.Whole("max_length", Math.Min(DefaultLength, longest), 2, longest)
            : keys.Whole("max_new_tokens", 0, 1, longest - 1) + 1;
        var key = keys.Find("min_new_tokens") is null ? "min_length" : "min_new_tokens";
        var least = keys.Whole(key, 0, 0, LargestLength) + (key == "min_new_tokens" ? 1 : 0);
        if (least > maximum) throw keys.Wrong(key, $"is larger than the {maximum} tokens that 'max_length' or 'max_new_tokens' allow");
        var beams = keys.Whole("num_beams", 1, 1, LargestBeams);
        var drawn = keys.Flag("do_sample", false);
        if (drawn && beams > 1) throw keys.Wrong("do_sample", $"with {beams} beams is not supported; set 'num_beams' to 1 or 'do_sample' to false");
        return new()
        {
            StartId = Id("decoder_start_token_id") ?? backbone.Tokens.Start,
            EndId = Id("eos_token_id") ?? backbone.Tokens.End,
            MaximumLength = maximum,
            MinimumLength = least,
            Beams = beams,
            LengthPenalty = Finite("length_penalty", 1),
            EarlyStopping = Stopping(keys),
            NoRepeatNgram = keys.Whole("no_repeat_ngram_size", 0, 0, LargestLength),
            ForcedBeginId = Id("forced_bos_token_id"),
            ForcedEndId = Id("forced_eos_token_id"),
            Sampling = drawn ? Sampling() : null,
        };

        SamplingOptions Sampling()
        {
            var (temperature, share) = (Finite("temperature", 1), Finite("top_p", 1));
            if (temperature <= 0) throw keys.Wrong("temperature", "must be above 0");
            if (share is <= 0 or > 1) throw keys.Wrong("top_p", "must be above 0 and at most 1");
            return new(temperature, keys.Whole("top_k", DefaultTopK, 0, int.MaxValue), share);
        }

        double Finite(string key, double otherwise) => keys.Number(key, otherwise) is var value && double.IsFinite(value)
            ? value
            : throw keys.Wrong(key, "must be a finite number");

        int? Id(string key)
        {
            if (keys.Find(key) is not { } value) return null;
            // newer files list end tokens even where there is only one
            if (value.ValueKind == JsonValueKind.Array)
            {
                if (value.GetArrayLength() != 1) throw keys.Wrong(key, $"lists {value.GetArrayLength()} tokens; only one is supported");
                value = value[0];
            }
            return value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var id) && id >= 0 && id < backbone.VocabularySize
                ? id
                : throw keys.Wrong(key, $"must be a token id from 0 to {backbone.VocabularySize - 1}");
        }
    }

    private static EarlyStopping Stopping(BackboneConfiguration keys) => keys.Find("early_stopping") switch
    {
        null => EarlyStopping.Heuristic,
        { ValueKind: JsonValueKind.False } => EarlyStopping.Heuristic,
        { ValueKind: JsonValueKind.True } => EarlyStopping.WhenFull,
        { ValueKind: JsonValueKind.String } text when text.ValueEquals("never") => EarlyStopping.Never,
        _ => throw keys.Wrong("early_stopping", "must be true, false or \"never\""),
    };
}
