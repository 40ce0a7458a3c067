using System.Text.RegularExpressions;
using Spindle.Data.Text;
using Spindle.Data.Text.ByteLevel;
using Spindle.Tests;

namespace Spindle.Data.Tests.Text;

/// <summary>RoBERTa's and BART's tokenizer over a small vocabulary.</summary>
public sealed partial class ByteLevelTokenizerTests : IDisposable
{
    private readonly Scratch scratch = new();

    public void Dispose() => scratch.Dispose();

    [Fact]
    public void Any_text_comes_back_whole_from_its_ids()
    {
        var tokenizer = Load();
        AnyText.WellFormed.Sample(text =>
            Assert.Equal("<s>" + text + "</s>", tokenizer.Decode(tokenizer.Encode(text, null, int.MaxValue).Ids, keepSpecialTokens: true)), iter: 3000);
    }

    [Fact]
    public void Real_vocabularies_bring_any_text_back_whole()
    {
        var tokenizer = TextTokenizers.Load(SharedFiles.BesideFixtures("tokenizers", "roberta"));
        Assert.Equal(50265, tokenizer.VocabularySize);
        AnyText.WellFormed.Sample(text =>
            Assert.Equal("<s>" + text + "</s>", tokenizer.Decode(tokenizer.Encode(text, null, int.MaxValue).Ids, keepSpecialTokens: true)));
    }

    [Fact]
    public void Words_are_cut_as_GPT2s_pattern_cuts_them() => AnyText.WellFormed.Sample(text =>
    {
        // the framework's patterns know no characters beyond the first plane
        var plain = string.Concat(text.Where(character => !char.IsSurrogate(character)));
        var words = new List<string>();
        for (var start = 0; start < plain.Length;)
        {
            var end = Gpt2Words.End(plain, start);
            words.Add(plain[start..end]);
            start = end;
        }
        Assert.Equal(Gpt2Pattern().Matches(plain).Select(match => match.Value), words);
    }, iter: 5000);

    [Theory]
    [InlineData("\U00010400\U00010401 x", "\U00010400\U00010401", " x")]
    [InlineData("a\U0001D7CE", "a", "\U0001D7CE")]
    [InlineData("!😀 😀", "!😀", " 😀")]
    public void Characters_beyond_the_first_plane_are_letters_numbers_or_others_too(string text, string first, string second)
    {
        var end = Gpt2Words.End(text, 0);
        Assert.Equal((first, second), (text[..end], text[end..]));
    }

    [Theory]
    [InlineData("ab", "ab")]
    [InlineData("abab", "abab")]
    [InlineData("aab", "a ab")]
    [InlineData("aaaa", "aaaa")]
    [InlineData("aaa", "aa a")]
    [InlineData(" the", "Ġthe")]
    [InlineData("a the", "a Ġthe")]
    [InlineData("é", "Ã©")]
    [InlineData("a   b", "a ĠĠ Ġ b")]
    [InlineData("<mask>a <mask>", "<mask> a Ġ <mask>")]
    [InlineData("<MASK>", "< M A S K >")]
    [InlineData("", "")]
    public void The_pair_of_the_lowest_rank_is_merged_first_and_at_one_rank_the_leftmost(string text, string pieces) => Assert.Equal(pieces, Pieces(Load(), text));

    [Fact]
    public void Words_of_any_length_are_merged_by_the_definition()
    {
        var tokenizer = Load();
        Gen.Char["ab"].Array[0, 200].Select(letters => new string(letters)).Sample(word =>
        {
            Assert.Equal(string.Join(' ', ByDefinition(word)), Pieces(tokenizer, word));
        }, iter: 300);
    }

    [Fact]
    public void A_prefix_space_is_added_to_every_text_without_one_where_asked_for()
    {
        var tokenizer = Load(new() { AddPrefixSpace = true });
        Assert.Equal("Ġthe", Pieces(tokenizer, "the"));
        Assert.Equal("Ġthe", Pieces(tokenizer, " the"));
        Assert.Equal("Ġa <mask> Ġthe", Pieces(tokenizer, "a<mask>the"));
        Assert.Equal("", Pieces(tokenizer, ""));
        scratch.Write("own/tokenizer_config.json", """{"add_prefix_space": true}""");
        SmallTokenizers.WriteByteLevel(scratch, "own");
        Assert.Equal("Ġthe", Pieces(ByteLevelTokenizer.Load(Path.Combine(scratch.Folder, "own")), "the"));
    }

    [Fact]
    public void A_pair_is_parted_by_two_separators_and_has_one_segment()
    {
        var tokenizer = Load();
        var encoding = tokenizer.Encode("a", "b", 10);
        Assert.Equal("<s> a </s> </s> b </s>", string.Join(' ', encoding.Ids.Select(tokenizer.TokenOf)));
        Assert.All(encoding.TypeIds, type => Assert.Equal(0, type));
    }

    [Theory]
    [InlineData("""{"model_type": "roberta"}""", null, "a <mask> Ġ b")]
    [InlineData("""{"model_type": "roberta"}""", """{"mask_token": "<mask>"}""", "a <mask> Ġ b")]
    [InlineData("""{"model_type": "roberta"}""", """{"mask_token": {"content": "<mask>", "lstrip": false}}""", "a Ġ <mask> Ġ b")]
    [InlineData(null, """{"mask_token": {"content": "<mask>", "lstrip": true, "rstrip": true}}""", "a <mask> b")]
    [InlineData(null, """{"added_tokens_decoder": {"272": {"content": "<mask>", "lstrip": false, "rstrip": true, "special": true}}}""", "a Ġ <mask> b")]
    [InlineData(null, null, "a Ġ <mask> Ġ b")]
    public void The_mask_of_a_checkpoint_swallows_the_blanks_before_it_unless_its_files_say_otherwise(string? config, string? tokenizerConfig, string pieces)
    {
        SmallTokenizers.WriteByteLevel(scratch, ".");
        if (config is not null) scratch.Write("config.json", config);
        if (tokenizerConfig is not null) scratch.Write("tokenizer_config.json", tokenizerConfig);
        Assert.Equal(pieces, Pieces(TextTokenizers.Load(scratch.Folder), "a <mask> b"));
    }

    [Fact]
    public void Ids_that_generation_needs_are_read()
    {
        Assert.Equal(new SpecialIds(1, 3, 0, 2, 272, null), Load().Special);
        SmallTokenizers.WriteByteLevel(scratch, "bart");
        scratch.Write("bart/config.json", """{"model_type": "bart"}""");
        Assert.Equal(2, TextTokenizers.Load(Path.Combine(scratch.Folder, "bart")).Special.DecoderStart);
        scratch.Write("bart/generation_config.json", """{"decoder_start_token_id": 0}""");
        Assert.Equal(0, TextTokenizers.Load(Path.Combine(scratch.Folder, "bart")).Special.DecoderStart);
    }

    [Theory]
    [InlineData("vocab.json", "{\"<s>\": 0,\n \"a\" 1}", "vocab.json:2:6: is not valid JSON")]
    [InlineData("vocab.json", "[]", "is not a JSON object")]
    [InlineData("vocab.json", """{"<s>": -1}""", "<s> is not a whole number")]
    [InlineData("vocab.json", """{"<s>": 2000000000}""", "<s> is not a whole number")]
    [InlineData("vocab.json", """{"<s>": 900000}""", "has 1 tokens but an id 900000")]
    [InlineData("vocab.json", """{"<s>": 0, "a": 0}""", "has the id 0 of another token")]
    [InlineData("vocab.json", """{"\ud800": 0}""", "half a character")]
    [InlineData("vocab.json", """{"a": 0}""", "a piece that vocab.json lacks")]
    [InlineData("merges.txt", "#version: 0.2\na b c\n", "merges.txt:2: is not a pair")]
    [InlineData("merges.txt", "ab\n", "merges.txt:1: is not a pair")]
    [InlineData("merges.txt", "a b\nq q\n", "merges.txt:2: makes a piece that vocab.json lacks")]
    public void Damaged_files_are_refused_in_one_line(string file, string text, string message)
    {
        SmallTokenizers.WriteByteLevel(scratch, ".");
        scratch.Write(file, text);
        var error = Assert.Throws<InvalidDataException>(() => TextTokenizers.Load(scratch.Folder));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
        Assert.StartsWith(scratch.Folder, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_vocabulary_of_another_family_is_refused_by_name()
    {
        scratch.Write("vocab.json", """{"<|endoftext|>": 0, "a": 1}""");
        scratch.Write("merges.txt", "");
        Assert.Contains("has no token <s>; is this a vocabulary of RoBERTa or BART?", Assert.Throws<InvalidDataException>(() => ByteLevelTokenizer.Load(scratch.Folder)).Message, StringComparison.Ordinal);
        File.Delete(Path.Combine(scratch.Folder, "merges.txt"));
        Assert.Contains("merges.txt", Assert.Throws<FileNotFoundException>(() => TextTokenizers.Load(scratch.Folder)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Bytes_that_are_no_text_decode_to_replacement_characters()
    {
        var tokenizer = Load();
        Assert.Equal("a\uFFFDa", tokenizer.Decode([tokenizer.IdOf("a")!.Value, tokenizer.IdOf("Ã")!.Value, tokenizer.IdOf("a")!.Value]));
    }

    private static string Pieces(ITextTokenizer tokenizer, string text) =>
        string.Join(' ', tokenizer.Encode(text, null, int.MaxValue).Ids[1..^1].Select(id => tokenizer.TokenOf(id)));

    // again and again the lowest rank, the leftmost
    private static List<string> ByDefinition(string word)
    {
        var pieces = word.Select(letter => letter.ToString()).ToList();
        while (Enumerable.Range(0, Math.Max(0, pieces.Count - 1)).Select(at => (Rank: Rank(pieces[at], pieces[at + 1]), At: at)).Where(pair => pair.Rank >= 0).ToList() is { Count: > 0 } pairs)
        {
            var at = pairs.Min().At;
            pieces[at] += pieces[at + 1];
            pieces.RemoveAt(at + 1);
        }
        return pieces;
    }

    private static int Rank(string left, string right) =>
        SmallTokenizers.Merges.Index().Where(merge => merge.Item == (left, right)).Select(merge => merge.Index).DefaultIfEmpty(-1).First();

    private ByteLevelTokenizer Load(ByteLevelOptions? options = null)
    {
        if (!Directory.Exists(Path.Combine(scratch.Folder, "small"))) SmallTokenizers.WriteByteLevel(scratch, "small");
        return ByteLevelTokenizer.Load(Path.Combine(scratch.Folder, "small"), options);
    }

    [GeneratedRegex(@"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+")]
    private static partial Regex Gpt2Pattern();
}
