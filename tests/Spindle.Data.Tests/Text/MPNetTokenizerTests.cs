using System.Text.Json;
using Spindle.Data.Text;
using Spindle.Tests;

namespace Spindle.Data.Tests.Text;

/// <summary>MPNet reads BERT's words and puts RoBERTa's special tokens around them, whichever of its files it is read from.</summary>
public sealed class MPNetTokenizerTests : IDisposable
{
    private const int Longest = 64;

    private readonly Scratch scratch = new();

    /// <summary>The files beside the real vocabulary that stay, from all that a checkpoint has to none.</summary>
    public static TheoryData<string> FilesBeside { get; } = ["config.json tokenizer_config.json special_tokens_map.json", "config.json", "tokenizer_config.json", ""];

    public void Dispose() => scratch.Dispose();

    [Fact]
    public void A_pair_is_one_segment_with_two_separators_between()
    {
        SmallTokenizers.WriteMPNet(scratch, ".");
        var tokenizer = TextTokenizers.Load(scratch.Folder);
        Assert.Equal("<s> a b </s>", Tokens(tokenizer, tokenizer.Encode("a b", null, Longest)));
        var pair = tokenizer.Encode("a", "the b", Longest);
        Assert.Equal("<s> a </s> </s> the b </s>", Tokens(tokenizer, pair));
        Assert.All(pair.TypeIds, type => Assert.Equal(0, type));
        Assert.Equal("a the b", tokenizer.Decode(pair.Ids));
    }

    [Fact]
    public void Special_tokens_are_RoBERTas_and_the_unknown_word_is_BERTs()
    {
        SmallTokenizers.WriteMPNet(scratch, ".");
        var tokenizer = TextTokenizers.Load(scratch.Folder);
        Assert.Equal(["<pad>", "[UNK]", "<s>", "</s>", "<mask>"],
            ((int?[])[tokenizer.Special.Padding, tokenizer.Special.Unknown, tokenizer.Special.BeginOfSequence, tokenizer.Special.EndOfSequence, tokenizer.Special.Mask])
            .Select(id => tokenizer.TokenOf(id!.Value)));
        Assert.Equal("<s> [UNK] <mask> <unk> a <unk> </s>", Tokens(tokenizer, tokenizer.Encode("q <mask><unk>a<UNK>", null, Longest)));
    }

    [Fact]
    public void A_BERT_checkpoint_whose_vocabulary_has_such_tokens_too_stays_BERTs()
    {
        SmallTokenizers.WriteMPNet(scratch, ".");
        scratch.Write("config.json", """{"model_type": "bert"}""");
        var tokenizer = TextTokenizers.Load(scratch.Folder);
        Assert.Equal("[CLS] a [SEP] b [SEP]", Tokens(tokenizer, tokenizer.Encode("a", "b", Longest)));
    }

    [Theory]
    [InlineData("vocab.txt")]
    [InlineData("tokenizer.json")]
    public void A_vocabulary_of_another_family_is_refused_in_one_line(string file)
    {
        scratch.Write("config.json", """{"model_type": "mpnet"}""");
        if (file == "vocab.txt") SmallTokenizers.WriteWordPiece(scratch, ".");
        else scratch.Write(file, SmallTokenizers.WordPieceJson().ToJsonString());
        var error = Assert.Throws<InvalidDataException>(() => TextTokenizers.Load(scratch.Folder));
        Assert.Equal($"{Path.Combine(scratch.Folder, file)}: has no token <pad>; is this a vocabulary of MPNet?", error.Message);
    }

    [Theory]
    [MemberData(nameof(FilesBeside))]
    public void The_real_vocabulary_gives_the_ids_of_the_real_tokenizer_json_on_real_and_on_hard_text(string beside)
    {
        var source = SharedFiles.Fixture("weights", "mpnet-base");
        foreach (var file in beside.Split(' ', StringSplitOptions.RemoveEmptyEntries).Append("vocab.txt"))
            File.Copy(Path.Combine(source, file), Path.Combine(scratch.Folder, file));
        var (single, own) = (TextTokenizers.Load(source), TextTokenizers.Load(scratch.Folder));
        Assert.Equal(single.Special, own.Special);
        Assert.Equal(single.VocabularySize, own.VocabularySize);

        var texts = RealTexts();
        Assert.NotEmpty(texts);
        foreach (var (first, second) in texts.Zip(texts.Skip(1))) AssertSame(first, second);
        Gen.Select(AnyText.Broken, AnyText.Broken).Sample(AssertSame, iter: 500);

        void AssertSame(string first, string second)
        {
            var (expected, actual) = (single.Encode(first, second, Longest), own.Encode(first, second, Longest));
            Assert.Equal(expected.Ids, actual.Ids);
            Assert.Equal(expected.TypeIds, actual.TypeIds);
            Assert.Equal(single.Encode(first, null, Longest).Ids, own.Encode(first, null, Longest).Ids);
            Assert.Equal(single.Decode(expected.Ids), own.Decode(actual.Ids));
        }
    }

    // the rows of the tokenizers' fixtures
    private static string[] RealTexts() =>
    [
        .. Directory.GetFiles(SharedFiles.Fixture("tokenizers"), "bert*.jsonl").SelectMany(File.ReadLines).Select(line =>
        {
            using var row = JsonDocument.Parse(line);
            return row.RootElement.GetProperty("text").GetString()!;
        }),
    ];

    private static string Tokens(ITextTokenizer tokenizer, Encoding encoding) => string.Join(' ', encoding.Ids.Select(tokenizer.TokenOf));
}
