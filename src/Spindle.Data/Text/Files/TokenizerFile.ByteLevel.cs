using Spindle.Data.Text.ByteLevel;

namespace Spindle.Data.Text.Files;

internal sealed partial class TokenizerFile
{
    private ByteLevelTokenizer ByteLevel(JsonPart model)
    {
        var cut = root["pre_tokenizer"];
        RequireType(root["normalizer"], "null");
        RequireType(cut, "ByteLevel");
        RequireType(root["decoder"], "ByteLevel");
        if (cut.Flag("use_regex") == false) throw cut["use_regex"].Error("is false, which is not read; use vocab.json and merges.txt");
        RequireUnset(model, "dropout", "continuing_subword_prefix", "end_of_word_suffix", "fuse_unk", "byte_fallback", "ignore_merges");

        var vocabulary = VocabularyFile.Read(model["vocab"]);
        int? unknown = model.Text("unk_token") is { } token
            ? vocabulary.IdOf(token) ?? throw model["unk_token"].Error("is not a token of the vocabulary; download the file again")
            : null;
        var merges = new MergeTable(vocabulary, unknown);
        foreach (var merge in model["merges"].Items())
        {
            // old files write a pair as one text
            string[] pair = merge.IsText ? merge.Text().Split(' ', 3) : [.. merge.Items().Take(3).Select(item => item.Text())];
            if (pair is not [{ Length: > 0 } left, { Length: > 0 } right]) throw merge.Error("is not a pair of pieces; download the file again");
            if (merges.Add(vocabulary, left, right) is not null) throw merge.Error("makes a piece that the vocabulary lacks; download the file again");
        }
        var parts = Parts(vocabulary, TokenFamily.OfBytes(settings));
        return new(parts, new() { AddPrefixSpace = settings.AddPrefixSpace ?? cut.Flag("add_prefix_space") ?? true }, merges);
    }
}
