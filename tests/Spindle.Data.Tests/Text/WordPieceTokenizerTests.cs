using System.Text;
using Spindle.Data.Text;
using Spindle.Tests;

namespace Spindle.Data.Tests.Text;

/// <summary>BERT's tokenizer over small vocabularies.</summary>
public sealed class WordPieceTokenizerTests : IDisposable
{
    private static readonly string[] Special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"];

    private readonly Scratch scratch = new();

    public void Dispose() => scratch.Dispose();

    [Theory]
    [InlineData("unaffable", "un ##aff ##able")]
    [InlineData("UnAffable un", "un ##aff ##able un")]
    [InlineData("unaffablez un", "[UNK] un")]
    [InlineData("un,affable!", "un , a ##f ##f ##able !")]
    [InlineData("a$b=c|~d", "a $ b = c | ~ d")]
    [InlineData("un\tun\r\nun\u00A0un\u3000un", "un un un un un")]
    [InlineData("u\0n u\u00ADn u\uFFFDn u\u200Bn u\u0007n", "un un un un un")]
    [InlineData("ÜN u\u0308n Ún", "un un un")]
    [InlineData("un中un", "un 中 un")]
    [InlineData("\U00020000", "[UNK]")]
    [InlineData("un\U0001F600un \U0001F600", "[UNK] 😀")]
    [InlineData("un—un“un”", "un — un [UNK] un [UNK]")]
    [InlineData("un[SEP]un [MASK][MASK]", "un [SEP] un [MASK] [MASK]")]
    [InlineData("[sep] [SEP", "[ [UNK] ] [ [UNK]")]
    [InlineData("", "")]
    [InlineData(" \n ", "")]
    public void Text_is_cut_into_words_and_words_into_the_longest_pieces(string text, string pieces)
    {
        string[] vocabulary = ["un", "##aff", "##able", "##a", "##f", "a", "b", "c", "d", ",", "!", "$", "=", "|", "~", "中", "😀", "—", "[", "]"];
        Assert.Equal(pieces, Pieces(vocabulary, text));
    }

    [Theory]
    [InlineData(true, null, "É", "e")]
    [InlineData(true, true, "É", "e")]
    [InlineData(true, false, "É", "é")]
    [InlineData(false, null, "É", "É")]
    [InlineData(false, true, "É", "E")]
    [InlineData(true, null, "İ", "i")]
    [InlineData(true, false, "İ", "i\u0307")]
    [InlineData(true, false, "Σ", "σ")]
    [InlineData(true, false, "\U00010400", "\U00010428")]
    public void Case_and_accents_follow_the_options(bool lower, bool? strip, string text, string piece)
    {
        string[] vocabulary = ["e", "E", "é", "É", "i", "i\u0307", "σ", "\U00010428"];
        Assert.Equal(piece, Pieces(vocabulary, text, new() { LowerCase = lower, StripAccents = strip }));
    }

    [Fact]
    public void Chinese_characters_stay_together_where_the_options_say_so()
    {
        var options = new WordPieceOptions { TokenizeChineseCharacters = false };
        Assert.Equal("中 ##文", Pieces(["中", "文", "##文"], "中文", options));
        Assert.Equal("中 文", Pieces(["中", "文", "##文"], "中文"));
    }

    [Fact]
    public void A_word_of_more_than_a_hundred_characters_is_unknown()
    {
        string[] vocabulary = ["a", "##a", "😀", "##😀"];
        var tokenizer = Tokenizer(vocabulary);
        Assert.Equal(102, tokenizer.Encode(new('a', 100), null, 1000).Ids.Length);
        Assert.Equal("[UNK]", Pieces(vocabulary, new('a', 101)));
        Assert.Equal(102, tokenizer.Encode(string.Concat(Enumerable.Repeat("😀", 100)), null, 1000).Ids.Length);
        Assert.Equal("[UNK]", Pieces(vocabulary, string.Concat(Enumerable.Repeat("😀", 101))));
    }

    [Fact]
    public void A_pair_is_two_segments()
    {
        var encoding = Tokenizer(["a", "b"]).Encode("a a", "b", 10);
        Assert.Equal([2, 5, 5, 3, 6, 3], encoding.Ids);
        Assert.Equal([0, 0, 0, 0, 1, 1], encoding.TypeIds);
        Assert.Equal([2, 3, 3], Tokenizer([]).Encode("", "", 3).Ids);
    }

    [Fact]
    public void What_is_too_long_is_cut_the_longer_first()
    {
        var tokenizer = Tokenizer(["a", "b"]);
        Gen.Select(Gen.Int[0, 30], Gen.Int[0, 30], Gen.Int[3, 40]).Sample((first, second, longest) =>
        {
            var encoding = tokenizer.Encode(Repeat("a", first), Repeat("b", second), longest);
            var (keptFirst, keptSecond) = (encoding.Ids.Count(id => id == 5), encoding.Ids.Count(id => id == 6));
            Assert.Equal(Math.Min(first + second + 3, longest), encoding.Ids.Length);
            Assert.Equal(keptFirst + keptSecond + 3, encoding.Ids.Length);
            Assert.Equal(keptSecond + 1, encoding.TypeIds.Sum());
            // whichever was cut is not the shorter by more than one
            if (keptFirst < first) Assert.True(keptFirst >= keptSecond - 1);
            if (keptSecond < second) Assert.True(keptSecond >= keptFirst - 1);
        });
    }

    [Fact]
    public void A_sentence_is_cut_at_its_end()
    {
        var encoding = Tokenizer(["a", "b", "c"]).Encode("a b c", null, 4);
        Assert.Equal([2, 5, 6, 3], encoding.Ids);
        Assert.Equal([0, 0, 0, 0], encoding.TypeIds);
    }

    [Fact]
    public void A_length_without_room_for_the_special_tokens_is_refused()
    {
        Assert.Equal([2, 3], Tokenizer(["a"]).Encode("a", null, 2).Ids);
        Assert.Throws<ArgumentOutOfRangeException>(() => Tokenizer(["a"]).Encode("a", null, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Tokenizer(["a"]).Encode("a", "a", 2));
    }

    [Fact]
    public void Any_text_at_all_becomes_ids_of_the_vocabulary()
    {
        var tokenizer = Tokenizer(["a", "##a", "e", "[", "]"]);
        var accented = Tokenizer(["a", "##a", "e", "[", "]"], new() { LowerCase = true, StripAccents = false });
        // lone surrogates, noncharacters and special tokens' beginnings among them
        string[] hard =
        [
            "a", "[", "[SEP]", "[MASK", "]", "\uD800", "\uDC00", "\uFFFE", "\uFFFF", "\uFDD0", "\U0001FFFE", "\U0010FFFF", "e\u0301", "İ", "\0",
        ];
        var piece = Gen.OneOf(
            Gen.Char.Select(character => character.ToString()),
            Gen.Int[0x10000, 0x10FFFF].Select(char.ConvertFromUtf32),
            Gen.Int[0, hard.Length - 1].Select(index => hard[index]));
        piece.Array[0, 30].Select(string.Concat).Sample(text =>
        {
            foreach (var each in new[] { tokenizer, accented })
            {
                var ids = each.Encode(text, text, 40).Ids;
                Assert.Equal((2, 3), (ids[0], ids[^1]));
                Assert.All(ids, id => Assert.InRange(id, 0, each.VocabularySize - 1));
                Assert.DoesNotContain("[SEP]", each.Decode(ids), StringComparison.Ordinal);
            }
        }, iter: 2000);
    }

    [Theory]
    [InlineData("un ##aff ##able", "unaffable")]
    [InlineData("[CLS] un , un . [SEP] un ! [PAD]", "un, un. un!")]
    [InlineData("##able un", "##able un")]
    public void Ids_are_put_together_into_text(string pieces, string text)
    {
        string[] vocabulary = ["un", "##aff", "##able", ",", ".", "!"];
        string[] all = [.. Special, .. vocabulary];
        Assert.Equal(text, Tokenizer(vocabulary).Decode([.. pieces.Split(' ').Select(piece => Array.IndexOf(all, piece))]));
    }

    [Fact]
    public void Ids_outside_the_vocabulary_are_no_text() => Assert.Equal("a", Tokenizer(["a"]).Decode([-1, 5, 6, int.MaxValue]));

    [Fact]
    public void The_folders_own_options_are_taken_unless_others_are_given()
    {
        scratch.Write("vocab.txt", string.Join("\r\n", [.. Special, "a", "A"]));
        scratch.Write("tokenizer_config.json", """{"do_lower_case": false}""");
        Assert.Equal([2, 6, 3], WordPieceTokenizer.Load(scratch.Folder).Encode("A", null, 8).Ids);
        Assert.Equal([2, 6, 3], TextTokenizers.Load(scratch.Folder).Encode("A", null, 8).Ids);
        Assert.Equal([2, 5, 3], WordPieceTokenizer.Load(scratch.Folder, new()).Encode("A", null, 8).Ids);
    }

    [Fact]
    public void A_vocabulary_that_is_absent_or_not_BERTs_is_refused_by_name()
    {
        Assert.Contains("vocab.txt", Assert.Throws<FileNotFoundException>(() => WordPieceTokenizer.Load(scratch.Folder)).Message, StringComparison.Ordinal);
        var path = scratch.Write("vocab.txt", "[PAD]\n[UNK]\n[CLS]\n[MASK]\na\n");
        var error = Assert.Throws<InvalidDataException>(() => WordPieceTokenizer.Load(scratch.Folder));
        Assert.StartsWith($"{path}: has no token [SEP]", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Real_sentences_come_back_lowered_but_whole()
    {
        var tokenizer = WordPieceTokenizer.Load(SharedFiles.BesideFixtures("tokenizers", "bert"));
        Assert.Equal(30522, tokenizer.VocabularySize);
        const string Text = "the sailors rode the breeze clear of the rocks.";
        Assert.Equal(Text, tokenizer.Decode(tokenizer.Encode(Text.ToUpperInvariant(), null, 64).Ids));
    }

    private WordPieceTokenizer Tokenizer(string[] vocabulary, WordPieceOptions? options = null)
    {
        var folder = $"{Guid.NewGuid()}";
        scratch.Write($"{folder}/vocab.txt", string.Join('\n', [.. Special, .. vocabulary]));
        return WordPieceTokenizer.Load(Path.Combine(scratch.Folder, folder), options ?? new());
    }

    private string Pieces(string[] vocabulary, string text, WordPieceOptions? options = null)
    {
        string[] all = [.. Special, .. vocabulary];
        return string.Join(' ', Tokenizer(vocabulary, options).Encode(text, null, 1000).Ids[1..^1].Select(id => all[id]));
    }

    private static string Repeat(string word, int count) => new StringBuilder().Insert(0, word + " ", count).ToString();
}
