using System.Text.Json.Nodes;
using Spindle.Data.Text;
using Spindle.Tests;

namespace Spindle.Data.Tests.Text;

/// <summary>Tokenizer files that were written to exhaust time or memory.</summary>
public sealed class HostileTokenizerTests : IDisposable
{
    private readonly Scratch scratch = new();

    public void Dispose() => scratch.Dispose();

    [Fact]
    public void A_template_does_not_multiply_the_tokens_that_it_names()
    {
        var json = SmallTokenizers.WordPieceJson();
        var ids = new JsonArray([.. Enumerable.Range(0, 50_000).Select(_ => (JsonNode)2)]);
        var place = new JsonObject { ["SpecialToken"] = new JsonObject { ["id"] = "x", ["type_id"] = 0 } };
        json["post_processor"] = new JsonObject
        {
            ["type"] = "TemplateProcessing",
            ["single"] = new JsonArray([.. Enumerable.Range(0, 20_000).Select(_ => place.DeepClone())]),
            ["special_tokens"] = new JsonObject { ["x"] = new JsonObject { ["ids"] = ids } },
        };
        Refused("tokenizer.json", json.ToJsonString(), "has more than 64 places");
    }

    [Fact]
    public void A_long_name_is_not_repeated_for_each_value_below_it()
    {
        var json = SmallTokenizers.WordPieceJson();
        json["model"]!["vocab"] = new JsonObject([.. Enumerable.Range(0, 100).Select(index => KeyValuePair.Create(new string('n', 10_000) + index, (JsonNode?)new JsonArray(1, 2)))]);
        Refused("tokenizer.json", json.ToJsonString(), "is not a whole number");
    }

    [Theory]
    [InlineData("tokenizer.json", "{\"a\":[1", ",1", "]}")]
    [InlineData("tokenizer.json", "{\"a\":[[]", ",[]", "]}")]
    public void A_JSON_file_of_more_values_than_its_length_allows_is_refused(string file, string start, string repeated, string end) =>
        Refused(file, start + string.Concat(Enumerable.Repeat(repeated, 4_000_000)) + end, "too many for its");

    [Theory]
    [InlineData("{\"model\":{\"\\ud800\":1}}")]
    [InlineData("{\"version\":\"\\udc00\"}")]
    public void Half_a_character_anywhere_in_a_JSON_file_is_refused(string json) => Refused("tokenizer.json", json, "holds half a character");

    [Fact]
    public void A_vocabulary_of_empty_lines_is_refused_where_it_exceeds_every_vocabulary() => Refused("vocab.txt", new string('\n', 9_900_000), ":1000001: has more than 1000000 tokens");

    [Fact]
    public void Merges_of_empty_lines_take_no_memory()
    {
        SmallTokenizers.WriteByteLevel(scratch, ".");
        var path = scratch.Write("merges.txt", new string('\n', 10_000_000));
        Allocation.IsBounded(path, () => ByteLevelTokenizer.Load(scratch.Folder));
    }

    [Fact]
    public void A_SentencePiece_model_of_empty_pieces_is_refused_where_it_exceeds_every_model()
    {
        var path = scratch.Write("spiece.model", "");
        File.WriteAllBytes(path, [.. Enumerable.Repeat((byte[])[0x0A, 0x00], 9_000_000).SelectMany(piece => piece)]);
        Allocation.IsBoundedAndRefused(path, () => TextTokenizers.Load(scratch.Folder), "has more than 1000000 pieces");
    }

    [Fact]
    public void SentencePiece_pieces_of_more_characters_than_any_model_are_refused()
    {
        SmallTokenizers.WriteModel(scratch, ".", SentencePieceBytes.Model([.. SmallTokenizers.Pieces, (new string('a', 7_000_000), -1, 1)]));
        var path = Path.Combine(scratch.Folder, "spiece.model");
        Allocation.IsBoundedAndRefused(path, () => TextTokenizers.Load(scratch.Folder), "6000000 characters");
    }

    [Fact]
    public void Letters_and_sounds_of_more_characters_than_Unicode_are_refused()
    {
        var path = scratch.Write("config.json", $"{{\"grapheme_chars\":\"{new string('a', 3_000_000)}\",\"phoneme_chars\":\"a\"}}");
        Allocation.IsBoundedAndRefused(path, () => CharacterTokenizer.Find(scratch.Folder), "more than 200000 characters");
    }

    [Fact]
    public void An_unknown_token_that_only_the_added_tokens_have_is_used()
    {
        scratch.Write("vocab.txt", string.Join('\n', SmallTokenizers.Words.Select(word => word == "[UNK]" ? "x" : word)));
        scratch.Write("added_tokens.json", "{\"[UNK]\":100}");
        Assert.Contains(100, TextTokenizers.Load(scratch.Folder).Encode("zzz", null, 10).Ids);
    }

    private void Refused(string file, string text, string reason)
    {
        var path = Path.Combine(Path.GetFullPath(scratch.Folder), file);
        File.WriteAllText(path, text);
        Allocation.IsBoundedAndRefused(path, () => TextTokenizers.Load(scratch.Folder), reason);
    }
}
