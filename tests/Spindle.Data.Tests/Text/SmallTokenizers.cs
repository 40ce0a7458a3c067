using System.Text.Json;
using System.Text.Json.Nodes;
using Spindle.Data.Text.ByteLevel;

namespace Spindle.Data.Tests.Text;

/// <summary>Folders of small tokenizers of every family, as vocabulary files and as one <c>tokenizer.json</c>.</summary>
internal static class SmallTokenizers
{
    public static IReadOnlyList<string> Words { get; } = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "a", "##a", "b", "##b", "the", "##er", "e", ",", ".", "[", "]", "<", ">"];

    /// <summary>MPNet's: RoBERTa's special tokens around a BERT vocabulary.</summary>
    public static IReadOnlyList<string> MPNetWords { get; } = ["<s>", "<pad>", "</s>", "<unk>", .. Words, "<mask>"];

    public static IReadOnlyList<(string Left, string Right)> Merges { get; } =
        [("a", "b"), ("Ġ", "a"), ("t", "h"), ("th", "e"), ("Ġ", "the"), ("ab", "ab"), ("a", "a"), ("aa", "aa"), ("Ġ", "Ġ"), ("b", "b"), ("aa", "b"), ("Ã", "©")];

    /// <summary>Special tokens, all bytes, merged pieces, the mask.</summary>
    public static IReadOnlyList<string> Bytes { get; } =
    [
        "<s>", "<pad>", "</s>", "<unk>",
        .. Enumerable.Range(0, 256).Select(value => ByteAlphabet.CharacterOf((byte)value).ToString()),
        .. Merges.Select(merge => merge.Left + merge.Right),
        "<mask>",
    ];

    public static IReadOnlyList<(string Text, float Score, int Kind)> Pieces { get; } =
    [
        ("<pad>", 0, 3), ("</s>", 0, 3), ("<unk>", 0, 2), ("▁", -2, 1), ("a", -3, 1), ("b", -3.5f, 1), ("▁a", -4, 1), ("ab", -5, 1), ("▁the", -6, 1), ("e", -4.5f, 1),
        ("aab", -7, 1), ("é", -8, 1), ("<", -9, 1), ("😀", -9.5f, 1),
    ];

    public static byte[] Map { get; } = SentencePieceBytes.Map(("\t", " "), ("\n", " "), ("\u00A0", " "), ("\u200B", " "), ("\u0007", ""), ("Ａ", "a"), ("e\u0301", "é"), ("ﬀ", "ff"));

    public static void WriteWordPiece(Scratch scratch, string folder) => scratch.Write($"{folder}/vocab.txt", string.Join('\n', Words));

    public static void WriteMPNet(Scratch scratch, string folder) => scratch.Write($"{folder}/vocab.txt", string.Join('\n', MPNetWords));

    public static void WriteByteLevel(Scratch scratch, string folder)
    {
        scratch.Write($"{folder}/vocab.json", Ids(Bytes).ToJsonString());
        scratch.Write($"{folder}/merges.txt", "#version: 0.2\n" + string.Join('\n', Merges.Select(merge => $"{merge.Left} {merge.Right}")) + "\n");
    }

    public static void WriteUnigram(Scratch scratch, string folder) => WriteModel(scratch, folder, SentencePieceBytes.Model(Pieces, Map));

    public static void WriteModel(Scratch scratch, string folder, byte[] model) => File.WriteAllBytes(scratch.Write($"{folder}/spiece.model", ""), model);

    public static JsonObject WordPieceJson() => WordPieceJson(
        Words, Added(Words, ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]), """{"type":"BertProcessing","sep":["[SEP]",3],"cls":["[CLS]",2]}""");

    public static JsonObject MPNetJson()
    {
        var added = Added(MPNetWords, ["<s>", "<pad>", "</s>", "<unk>", "[UNK]", "<mask>"]);
        (added[3]!["normalized"], added[5]!["lstrip"]) = (true, true);
        return WordPieceJson(MPNetWords, added, """{"type":"RobertaProcessing","sep":["</s>",2],"cls":["<s>",0],"trim_offsets":true,"add_prefix_space":false}""");
    }

    private static JsonObject WordPieceJson(IReadOnlyList<string> words, JsonArray added, string template) => new()
    {
        ["added_tokens"] = added,
        ["normalizer"] = Parse("""{"type":"BertNormalizer","clean_text":true,"handle_chinese_chars":true,"strip_accents":null,"lowercase":true}"""),
        ["pre_tokenizer"] = Parse("""{"type":"BertPreTokenizer"}"""),
        ["post_processor"] = Parse(template),
        ["decoder"] = Parse("""{"type":"WordPiece","prefix":"##","cleanup":true}"""),
        ["model"] = new JsonObject
        {
            ["type"] = "WordPiece",
            ["unk_token"] = "[UNK]",
            ["continuing_subword_prefix"] = "##",
            ["max_input_chars_per_word"] = 100,
            ["vocab"] = Ids(words),
        },
    };

    public static JsonObject ByteLevelJson() => new()
    {
        ["added_tokens"] = Added(Bytes, ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]),
        ["normalizer"] = null,
        ["pre_tokenizer"] = Parse("""{"type":"ByteLevel","add_prefix_space":false,"trim_offsets":true,"use_regex":true}"""),
        ["post_processor"] = Parse("""{"type":"RobertaProcessing","sep":["</s>",2],"cls":["<s>",0],"trim_offsets":true,"add_prefix_space":false}"""),
        ["decoder"] = Parse("""{"type":"ByteLevel"}"""),
        ["model"] = new JsonObject
        {
            ["type"] = "BPE",
            ["dropout"] = null,
            ["unk_token"] = null,
            ["continuing_subword_prefix"] = "",
            ["fuse_unk"] = false,
            ["vocab"] = Ids(Bytes),
            ["merges"] = new JsonArray([.. Merges.Select(merge => (JsonNode)new JsonArray(merge.Left, merge.Right))]),
        },
    };

    public static JsonObject UnigramJson()
    {
        string[] extra = [.. Enumerable.Range(0, 100).Reverse().Select(number => $"<extra_id_{number}>")];
        string[] all = [.. Pieces.Select(piece => piece.Text), .. extra];
        var added = Added(all, ["<pad>", "</s>", "<unk>"]);
        foreach (var token in Added(all, extra))
        {
            var copy = token!.DeepClone();
            (copy["lstrip"], copy["rstrip"]) = (true, true);
            added.Add(copy);
        }
        return new()
        {
            ["added_tokens"] = added,
            ["normalizer"] = new JsonObject
            {
                ["type"] = "Sequence",
                ["normalizers"] = new JsonArray(
                    new JsonObject { ["type"] = "Precompiled", ["precompiled_charsmap"] = Convert.ToBase64String(Map) },
                    Parse("""{"type":"Strip","strip_left":false,"strip_right":true}"""),
                    Parse("""{"type":"Replace","pattern":{"Regex":" {2,}"},"content":"▁"}""")),
            },
            ["pre_tokenizer"] = Parse("""{"type":"Metaspace","replacement":"▁","prepend_scheme":"always","split":true}"""),
            ["post_processor"] = Parse("""
                {"type":"TemplateProcessing",
                 "single":[{"Sequence":{"id":"A","type_id":0}},{"SpecialToken":{"id":"</s>","type_id":0}}],
                 "pair":[{"Sequence":{"id":"A","type_id":0}},{"SpecialToken":{"id":"</s>","type_id":0}},{"Sequence":{"id":"B","type_id":0}},{"SpecialToken":{"id":"</s>","type_id":0}}],
                 "special_tokens":{"</s>":{"id":"</s>","ids":[1],"tokens":["</s>"]}}}
                """),
            ["decoder"] = Parse("""{"type":"Metaspace","replacement":"▁","prepend_scheme":"always","split":true}"""),
            ["model"] = new JsonObject
            {
                ["type"] = "Unigram",
                ["unk_id"] = 2,
                ["vocab"] = new JsonArray(
                    [.. Pieces.Select(piece => (JsonNode)new JsonArray(piece.Text, (double)piece.Score)), .. extra.Select(token => (JsonNode)new JsonArray(token, 0.0))]),
            },
        };
    }

    public static JsonNode Parse(string json) => JsonNode.Parse(json)!;

    private static JsonObject Ids(IReadOnlyList<string> tokens) => new(tokens.Index().Select(entry => KeyValuePair.Create(entry.Item, (JsonNode?)JsonValue.Create(entry.Index))));

    private static JsonArray Added(IReadOnlyList<string> all, IEnumerable<string> special) => new([.. special.Select(token => JsonSerializer.SerializeToNode(new
    {
        id = all.Index().First(entry => entry.Item == token).Index,
        content = token,
        single_word = false,
        lstrip = false,
        rstrip = false,
        normalized = false,
        special = true,
    })!)]);
}
