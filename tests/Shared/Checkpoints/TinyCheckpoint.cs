using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Spindle.Models.Backbones;

namespace Spindle.Tests.Checkpoints;

/// <summary>A copy of one of the fixtures' checkpoints, which hold no tokenizer, and a small one of its family's form, whose ids its vocabulary has.</summary>
internal sealed class TinyCheckpoint : IDisposable
{
    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly DirectoryInfo parent = Directory.CreateTempSubdirectory("spindle-checkpoint-");

    /// <param name="name">The fixture's folder; the test is skipped where it is absent.</param>
    /// <param name="withTokenizer">Whether tokenizer files are put beside the weights.</param>
    public TinyCheckpoint(string name, bool withTokenizer = true)
    {
        var source = SharedFiles.Fixture("models", name);
        Folder = parent.CreateSubdirectory(name).FullName;
        foreach (var file in (string[])["config.json", "generation_config.json", "model.safetensors"])
            if (File.Exists(Path.Combine(source, file))) File.Copy(Path.Combine(source, file), Path.Combine(Folder, file));
        if (withTokenizer) WriteTokenizer();
    }

    /// <summary>The copy.</summary>
    public string Folder { get; }

    /// <summary>Where tests may write.</summary>
    public string Beside(string name) => Path.Combine(parent.FullName, name);

    /// <summary>The <c>model_type</c> of a checkpoint's folder, or null where it is none.</summary>
    public static string? FamilyOf(string folder)
    {
        var path = Path.Combine(folder, "config.json");
        return File.Exists(path) ? JsonNode.Parse(File.ReadAllText(path))?["model_type"]?.GetValue<string>() : null;
    }

    /// <summary>The names of the fixtures' checkpoints of a known family.</summary>
    public static TheoryData<string> Names(Func<string, bool>? family = null)
    {
        var root = Path.Combine(SharedFiles.Fixtures, "models");
        string[] names = Directory.Exists(root)
            ? [.. Directory.EnumerateDirectories(root)
                .Where(folder => FamilyOf(folder) is { } type && BackboneCatalogue.ModelTypes.Contains(type) && family?.Invoke(type) != false)
                .Select(folder => Path.GetFileName(folder)!).Order(StringComparer.Ordinal)]
            : [];
        return names.Length > 0 ? [.. names] : ["absent"];
    }

    public void Dispose() => parent.Delete(recursive: true);

    private void WriteTokenizer()
    {
        switch (FamilyOf(Folder))
        {
            case "bert":
                var letters = Enumerable.Range('a', 26).Select(letter => $"{(char)letter}").ToArray();
                Write("vocab.txt", string.Join('\n', ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", ".", ",", .. letters, .. letters.Select(letter => "##" + letter)]));
                break;
            case "t5":
                Write("tokenizer.json", Unigram().ToJsonString(Json));
                break;
            default:
                string[] tokens = ["<s>", "<pad>", "</s>", "<unk>", .. Enumerable.Range(0, 256).Select(Letter), "th", "the", "<mask>"];
                Write("vocab.json", JsonSerializer.Serialize(tokens.Index().ToDictionary(token => token.Item, token => token.Index), Json));
                Write("merges.txt", "#version: 0.2\nt h\nth e\n");
                break;
        }
    }

    // byte-level BPE writes a byte as a letter that can be seen
    private static string Letter(int value)
    {
        bool Seen(int other) => other is (>= '!' and <= '~') or (>= 0xA1 and <= 0xAC) or (>= 0xAE and <= 0xFF);
        return $"{(char)(Seen(value) ? value : 256 + Enumerable.Range(0, value).Count(other => !Seen(other)))}";
    }

    private static JsonObject Unigram()
    {
        string[] special = ["<pad>", "</s>", "<unk>"];
        string[] pieces = [.. special, "▁", ".", ",", .. Enumerable.Range('a', 26).SelectMany(letter => (string[])[$"{(char)letter}", $"▁{(char)letter}"]), "▁the", "▁is"];
        var metaspace = """{"type":"Metaspace","replacement":"▁","prepend_scheme":"always","split":true}""";
        return new()
        {
            ["added_tokens"] = new JsonArray([.. special.Select((token, id) => (JsonNode)new JsonObject { ["id"] = id, ["content"] = token, ["special"] = true })]),
            ["pre_tokenizer"] = JsonNode.Parse(metaspace),
            ["post_processor"] = JsonNode.Parse("""
                {"type":"TemplateProcessing",
                 "single":[{"Sequence":{"id":"A","type_id":0}},{"SpecialToken":{"id":"</s>","type_id":0}}],
                 "pair":[{"Sequence":{"id":"A","type_id":0}},{"SpecialToken":{"id":"</s>","type_id":0}},{"Sequence":{"id":"B","type_id":0}},{"SpecialToken":{"id":"</s>","type_id":0}}],
                 "special_tokens":{"</s>":{"id":"</s>","ids":[1],"tokens":["</s>"]}}}
                """),
            ["decoder"] = JsonNode.Parse(metaspace),
            ["model"] = new JsonObject
            {
                ["type"] = "Unigram",
                ["unk_id"] = 2,
                ["vocab"] = new JsonArray([.. pieces.Select((piece, id) => (JsonNode)new JsonArray(piece, id < special.Length ? 0.0 : -id))]),
            },
        };
    }

    private void Write(string file, string text) => File.WriteAllText(Path.Combine(Folder, file), text);
}
