using Spindle.Data.Text;

namespace Spindle.Data.Tests.Text;

/// <summary>What <see cref="ITextTokenizer"/> promises, over every implementation and every kind of file.</summary>
public sealed class TextTokenizerConformanceTests : IDisposable
{
    private readonly Scratch scratch = new();

    public static TheoryData<string> Kinds { get; } = ["WordPiece", "byte-level", "Unigram", "MPNet", "WordPiece json", "byte-level json", "Unigram json", "MPNet json"];

    public void Dispose() => scratch.Dispose();

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Any_text_at_all_becomes_a_sequence_of_the_vocabularys_ids_no_longer_than_asked(string kind)
    {
        var tokenizer = Load(kind);
        Gen.Select(AnyText.Broken, AnyText.Broken, Gen.Bool, Gen.Int[4, 60]).Sample((first, second, isPair, longest) =>
        {
            var encoding = tokenizer.Encode(first, isPair ? second : null, longest);
            Assert.InRange(encoding.Ids.Length, 1, longest);
            Assert.Equal(encoding.Ids.Length, encoding.TypeIds.Length);
            Assert.All(encoding.Ids, id => Assert.InRange(id, 0, tokenizer.VocabularySize - 1));
            Assert.All(encoding.TypeIds, type => Assert.InRange(type, 0, 1));
            _ = tokenizer.Decode(encoding.Ids) + tokenizer.Decode(encoding.Ids, keepSpecialTokens: true);
        }, iter: 1500);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void The_same_text_gives_the_same_ids_whatever_came_before_and_however_many_read_at_once(string kind)
    {
        var (one, other) = (Load(kind), Load(kind));
        var texts = AnyText.WellFormed.Array[300].Single();
        var expected = texts.Select(text => one.Encode(text, null, 1000).Ids).ToArray();
        Parallel.For(0, 4 * texts.Length, new() { MaxDegreeOfParallelism = 4 }, round =>
        {
            var index = (round * 7) % texts.Length;
            Assert.Equal(expected[index], other.Encode(texts[index], null, 1000).Ids);
        });
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void What_is_cut_is_the_end_and_the_longer_sentence_first(string kind)
    {
        var tokenizer = Load(kind);
        var specials = (Single: tokenizer.Encode("", null, 1000).Ids.Length, Pair: tokenizer.Encode("", "", 1000).Ids.Length);
        Gen.Select(AnyText.WellFormed, AnyText.WellFormed, Gen.Int[4, 40]).Sample((first, second, longest) =>
        {
            var (lengthA, lengthB) = (tokenizer.Encode(first, null, 10_000).Ids.Length - specials.Single, tokenizer.Encode(second, null, 10_000).Ids.Length - specials.Single);
            var whole = tokenizer.Encode(first, second, 10_000).Ids;
            var cut = tokenizer.Encode(first, second, longest).Ids;
            Assert.Equal(lengthA + lengthB + specials.Pair, whole.Length);
            Assert.Equal(Math.Min(whole.Length, longest), cut.Length);
            var single = tokenizer.Encode(first, null, longest).Ids;
            Assert.Equal(Math.Min(lengthA + specials.Single, longest), single.Length);
        });
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_length_without_room_for_the_special_tokens_is_refused(string kind)
    {
        var tokenizer = Load(kind);
        var (single, pair) = (tokenizer.Encode("", null, 1000).Ids.Length, tokenizer.Encode("", "", 1000).Ids.Length);
        Assert.Equal(single, tokenizer.Encode("a b", null, single).Ids.Length);
        Assert.Equal(pair, tokenizer.Encode("a b", "a", pair).Ids.Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => tokenizer.Encode("a", null, single - 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => tokenizer.Encode("a", "a", pair - 1));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_token_gives_its_id_and_the_id_its_token(string kind)
    {
        var tokenizer = Load(kind);
        var tokens = Enumerable.Range(0, tokenizer.VocabularySize).Select(id => (id, token: tokenizer.TokenOf(id))).ToList();
        Assert.All(tokens, entry => Assert.Equal(entry.id, tokenizer.IdOf(entry.token!)));
        Assert.Equal((null, null, null), (tokenizer.TokenOf(-1), tokenizer.TokenOf(tokenizer.VocabularySize), tokenizer.IdOf("no such token")));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Special_ids_stand_in_the_text_and_are_left_out_of_it_unless_asked_for(string kind)
    {
        var tokenizer = Load(kind);
        Assert.Equal(tokenizer.PaddingId, tokenizer.Special.Padding);
        var padding = tokenizer.TokenOf(tokenizer.PaddingId)!;
        Assert.Contains(tokenizer.PaddingId, tokenizer.Encode($"a{padding}a", null, 100).Ids);
        int[] ids = [tokenizer.IdOf("a")!.Value, tokenizer.PaddingId];
        Assert.Equal("a", tokenizer.Decode(ids));
        Assert.Contains(padding, tokenizer.Decode(ids, keepSpecialTokens: true), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Ids_outside_the_vocabulary_are_no_text(string kind)
    {
        var tokenizer = Load(kind);
        Assert.Equal("a", tokenizer.Decode([-1, tokenizer.IdOf("a")!.Value, tokenizer.VocabularySize, int.MaxValue, int.MinValue]));
        Assert.Equal("", tokenizer.Decode([]));
    }

    [Theory]
    [InlineData("WordPiece")]
    [InlineData("byte-level")]
    [InlineData("Unigram")]
    [InlineData("MPNet")]
    public void One_file_says_the_same_as_the_familys_own_files(string family)
    {
        var (own, single) = (Load(family), Load($"{family} json"));
        Assert.Equal(own.VocabularySize, single.VocabularySize);
        Assert.Equal(own.Special, single.Special);
        Gen.Select(AnyText.Broken, AnyText.Broken).Sample((first, second) =>
        {
            var (a, b) = (own.Encode(first, second, 50), single.Encode(first, second, 50));
            Assert.Equal(a.Ids, b.Ids);
            Assert.Equal(a.TypeIds, b.TypeIds);
            Assert.Equal(own.Decode(a.Ids), single.Decode(b.Ids));
        }, iter: 1000);
    }

    private ITextTokenizer Load(string kind)
    {
        var folder = $"{Guid.NewGuid()}";
        switch (kind)
        {
            case "WordPiece": SmallTokenizers.WriteWordPiece(scratch, folder); break;
            case "byte-level": SmallTokenizers.WriteByteLevel(scratch, folder); break;
            case "MPNet": SmallTokenizers.WriteMPNet(scratch, folder); break;
            case "Unigram": SmallTokenizers.WriteUnigram(scratch, folder); break;
            case "WordPiece json": scratch.Write($"{folder}/tokenizer.json", SmallTokenizers.WordPieceJson().ToJsonString()); break;
            case "MPNet json": scratch.Write($"{folder}/tokenizer.json", SmallTokenizers.MPNetJson().ToJsonString()); break;
            case "byte-level json": scratch.Write($"{folder}/tokenizer.json", SmallTokenizers.ByteLevelJson().ToJsonString()); break;
            default: scratch.Write($"{folder}/tokenizer.json", SmallTokenizers.UnigramJson().ToJsonString()); break;
        }
        return TextTokenizers.Load(Path.Combine(scratch.Folder, folder));
    }
}
