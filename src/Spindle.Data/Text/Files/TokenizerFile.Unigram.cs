using Spindle.Data.Text.Tokens;
using Spindle.Data.Text.Unigram;

namespace Spindle.Data.Text.Files;

internal sealed partial class TokenizerFile
{
    private const string TwoSpacesOrMore = " {2,}";

    private UnigramTokenizer Unigram(JsonPart model)
    {
        RequireUnset(model, "byte_fallback");
        if (model["vocab"].Length > Vocabulary.Largest) throw model["vocab"].Error($"has more than {Vocabulary.Largest} pieces; download the file again");
        var pieces = model["vocab"].Items().Select(item => item.Items().Take(3).ToList() is [var text, var score]
            ? (Text: text.Text(), Score: score.Real())
            : throw item.Error("is not a piece with its score; download the file again")).ToList();
        if (pieces.Count == 0) throw model["vocab"].Error("has no pieces; download the file again");
        if (pieces.Sum(piece => (long)piece.Text.Length) > Vocabulary.MostCharacters)
            throw model["vocab"].Error($"has pieces of more than {Vocabulary.MostCharacters} characters together; download the file again");
        var unknown = model["unk_id"].Number(pieces.Count - 1);
        var vocabulary = new Vocabulary([.. pieces.Select(piece => piece.Text)]);
        var metaspace = ReadMetaspace(root["pre_tokenizer"]);
        RequireType(root["decoder"], "Metaspace");
        if (Prefix(root["decoder"]) == DummyPrefix.Never != (metaspace.Prefix == DummyPrefix.Never))
            throw root["decoder"].Error("treats the first blank in another way than the pre_tokenizer, which is not read; use spiece.model");
        var parts = Parts(vocabulary, TokenFamily.T5);
        return new(parts, Normaliser(root["normalizer"]), metaspace, [.. pieces.Select(piece => piece.Score)], unknown);
    }

    // the character map, then blanks at the ends, then runs of spaces; each may be absent
    private static UnigramNormaliser Normaliser(JsonPart part)
    {
        var result = new UnigramNormaliser(null, StripsLeft: false, StripsRight: false, Spaces: null);
        if (!part.Exists) return result;
        var last = 0;
        foreach (var step in TypeOf(part) == "Sequence" ? part["normalizers"].Items() : [part])
        {
            var place = TypeOf(step) switch
            {
                "Precompiled" => 1,
                "Strip" => 2,
                "Replace" => 3,
                var type => throw Refused(step, type, "Precompiled, Strip and Replace are"),
            };
            if (place <= last) throw step.Error("stands out of order (Precompiled, Strip, Replace), which is not read; use spiece.model");
            last = place;
            result = place switch
            {
                1 => result with { Map = Map(step["precompiled_charsmap"]) },
                2 => result with { StripsLeft = step.RequiredFlag("strip_left"), StripsRight = step.RequiredFlag("strip_right") },
                _ => result with { Spaces = SpacesOf(step) },
            };
        }
        return result;
    }

    private static CharacterMap? Map(JsonPart part)
    {
        var text = part.Text();
        var bytes = new byte[text.Length / 4 * 3 + 3];
        if (!Convert.TryFromBase64String(text, bytes, out var count)) throw part.Error("is not base64; download the file again");
        return CharacterMap.TryRead(bytes.AsSpan(0, count)) ?? throw part.Error("is damaged; download the file again");
    }

    private static string SpacesOf(JsonPart step)
    {
        var pattern = step["pattern"].Text("Regex") ?? step["pattern"]["String"].Text();
        if (pattern != TwoSpacesOrMore) throw Refused(step["pattern"], pattern, $"'{TwoSpacesOrMore}' is");
        var spaces = step["content"].Text();
        return spaces.Length <= 1 ? spaces : throw Refused(step["content"], spaces, "one character at most is");
    }

    private static Metaspace ReadMetaspace(JsonPart part)
    {
        var splits = false;
        if (TypeOf(part) == "Sequence")
        {
            var steps = part["pretokenizers"].Items().Take(3).ToList();
            if (steps.Count != 2) throw part["pretokenizers"].Error("are not two (WhitespaceSplit and Metaspace), which is not read; use spiece.model");
            RequireType(steps[0], "WhitespaceSplit");
            (splits, part) = (true, steps[1]);
        }
        RequireType(part, "Metaspace");
        var mark = part["replacement"].Text();
        if (mark is not [var character]) throw part["replacement"].Error("is not one character; download the file again");
        return new(character, Prefix(part), part.Flag("split") ?? true, splits);
    }

    private static DummyPrefix Prefix(JsonPart part) => part.Text("prepend_scheme") switch
    {
        "always" => DummyPrefix.Always,
        "first" => DummyPrefix.First,
        "never" => DummyPrefix.Never,
        // old files only say whether
        null => part.Flag("add_prefix_space") == false ? DummyPrefix.Never : DummyPrefix.Always,
        var scheme => throw Refused(part["prepend_scheme"], scheme, "always, first and never are"),
    };
}
