using Spindle.Data.Text;
using Spindle.Tests;

namespace Spindle.Data.Tests.Text;

/// <summary>T5's tokenizer over a small model.</summary>
public sealed class UnigramTokenizerTests : IDisposable
{
    private readonly Scratch scratch = new();

    public void Dispose() => scratch.Dispose();

    [Theory]
    [InlineData("a", "▁a")]
    [InlineData("ab", "▁ ab")]
    [InlineData("b", "▁ b")]
    [InlineData("the ab", "▁the ▁ ab")]
    [InlineData("bab", "▁ b ab")]
    [InlineData("a  a", "▁a ▁a")]
    [InlineData("  a  ", "▁a")]
    [InlineData("a▁▁a", "▁a ▁ ▁a")]
    [InlineData("zz", "▁ <unk>")]
    [InlineData("zza", "▁ <unk> a")]
    [InlineData("z z", "▁ <unk> ▁ <unk>")]
    [InlineData("😀\U0001F601", "▁ 😀 <unk>")]
    [InlineData("", "")]
    [InlineData(" ", "")]
    [InlineData("\t\n", "")]
    public void Text_is_cut_into_the_likeliest_pieces(string text, string pieces) => Assert.Equal(pieces, Pieces(Small(), text));

    [Theory]
    [InlineData("Ａ", "▁a")]
    [InlineData("a\ta\u00A0a\u200Ba", "▁a ▁a ▁a ▁a")]
    [InlineData("a\r\na", "▁a <unk> ▁a")]
    [InlineData("a\u0007b", "▁ ab")]
    [InlineData("e\u0301", "▁ é")]
    [InlineData("ﬀ\u0301b", "▁ <unk> b")]
    public void Characters_are_replaced_as_the_models_map_says(string text, string pieces)
    {
        // CR LF is one cluster, which the map, knowing only LF, leaves to its two characters
        Assert.Equal(pieces, Pieces(Small(), text));
    }

    [Fact]
    public void Joint_probability_decides_and_of_equals_the_path_found_first()
    {
        string[] letters = ["a", "b", "ab", "ba", "aab", "bb"];
        var gen = Gen.Select(Gen.Int[-40, -1].Array[letters.Length], Gen.Char["abz"].Array[1, 9].Select(word => new string(word)));
        gen.Sample((scores, word) =>
        {
            (string Text, float Score, int Kind)[] pieces = [("<pad>", 0, 3), ("</s>", 0, 3), ("<unk>", 0, 2), ("▁", -1, 1), .. letters.Index().Select(entry => (entry.Item, (float)scores[entry.Index], 1))];
            var tokenizer = Load(pieces);
            var ids = tokenizer.Encode(word, null, 100).Ids[..^1];
            var unknown = Math.Min(0, pieces.Min(piece => piece.Score)) - 10.0;
            var score = ids.Where(id => id != 2).Sum(id => (double)pieces[id].Score) + unknown * word.Count(letter => letter == 'z');
            Assert.Equal(BestScore("▁" + word, pieces, unknown), score, 1e-9);
        }, iter: 300);
    }

    [Fact]
    public void Extra_ids_swallow_the_blanks_around_them_and_count_downwards()
    {
        var tokenizer = Small();
        var first = tokenizer.IdOf("<extra_id_0>")!.Value;
        Assert.Equal(tokenizer.VocabularySize - 1, first);
        Assert.Equal(SmallTokenizers.Pieces.Count, tokenizer.IdOf("<extra_id_99>"));
        Assert.Equal("▁a <extra_id_0> ▁a", Pieces(tokenizer, "a  <extra_id_0>\ta"));
        Assert.Equal("▁a <extra_id_0> <extra_id_1>", Pieces(tokenizer, "a <extra_id_0> <extra_id_1> "));
        Assert.Equal(SmallTokenizers.Pieces.Count + 3, Small(new() { ExtraIds = 3 }).VocabularySize);
        Assert.Null(Small(new() { ExtraIds = 0 }).IdOf("<extra_id_0>"));
        Assert.Throws<ArgumentOutOfRangeException>(() => Small(new() { ExtraIds = -1 }));
    }

    [Fact]
    public void A_text_and_a_pair_end_in_the_end_of_a_sequence()
    {
        var tokenizer = Small();
        Assert.Equal([6, 1], tokenizer.Encode("a", null, 10).Ids);
        Assert.Equal([6, 1, 3, 7, 1], tokenizer.Encode("a", "ab", 10).Ids);
        Assert.Equal(new SpecialIds(0, 2, null, 1, null, 0), tokenizer.Special);
    }

    [Theory]
    [InlineData(true, true, "a</s>a a", "▁a </s> ▁a ▁a")]
    [InlineData(true, false, "a</s>a a", "▁a </s> a ▁a")]
    [InlineData(false, true, "a</s>a a", "a </s> a ▁a")]
    public void The_blank_before_a_text_follows_the_options(bool prefix, bool legacy, string text, string pieces) =>
        Assert.Equal(pieces, Pieces(Small(new() { AddPrefixSpace = prefix, Legacy = legacy }), text));

    [Theory]
    [InlineData("▁a b ▁the", "ab the")]
    [InlineData("▁ ▁a", " a")]
    [InlineData("▁a <unk> b </s> <pad>", "ab")]
    public void Ids_are_put_together_into_text(string pieces, string text)
    {
        var tokenizer = Small();
        Assert.Equal(text, tokenizer.Decode([.. pieces.Split(' ').Select(piece => tokenizer.IdOf(piece)!.Value)]));
    }

    [Fact]
    public void Damaged_models_are_refused_or_read_but_never_break()
    {
        var whole = SentencePieceBytes.Model(SmallTokenizers.Pieces, SmallTokenizers.Map);
        var edits = Gen.Select(Gen.Int[0, 400], Gen.Byte).Array[1, 4];
        Gen.Select(edits, Gen.Int[0, whole.Length], Gen.Bool).Sample((changes, length, cuts) =>
        {
            var bytes = (byte[])whole.Clone();
            foreach (var (at, value) in changes) bytes[at % bytes.Length] = value;
            Survives(cuts ? bytes[..length] : bytes);
        }, iter: 1500);
        Gen.Byte.Array[0, 60].Sample(Survives, iter: 500);
    }

    [Fact]
    public void Damaged_character_maps_never_break() => Gen.Select(Gen.UInt.Array[1, 300], Gen.Byte.Array[0, 20], AnyText.WellFormed).Sample((units, texts, text) =>
    {
        byte[] map = [.. BitConverter.GetBytes(4 * units.Length), .. units.SelectMany(BitConverter.GetBytes), .. texts];
        SmallTokenizers.WriteModel(scratch, $"{Environment.CurrentManagedThreadId}", SentencePieceBytes.Model(SmallTokenizers.Pieces, map));
        _ = UnigramTokenizer.Load(Path.Combine(scratch.Folder, $"{Environment.CurrentManagedThreadId}")).Encode(text, null, 1000);
    }, iter: 300);

    [Fact]
    public void A_length_beyond_the_file_allocates_nothing()
    {
        // a piece, and a map, that claim two gigabytes
        foreach (var field in (int[])[1, 3])
        {
            byte[] model = [.. SentencePieceBytes.Varint((ulong)field << 3 | 2), .. SentencePieceBytes.Varint(int.MaxValue), 1, 2, 3];
            SmallTokenizers.WriteModel(scratch, ".", model);
            var before = GC.GetAllocatedBytesForCurrentThread();
            var error = Assert.Throws<InvalidDataException>(() => UnigramTokenizer.Load(scratch.Folder));
            Assert.Contains("spiece.model: byte 6: is not a SentencePiece model", error.Message, StringComparison.Ordinal);
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000_000);
        }
    }

    [Fact]
    public void A_character_map_that_makes_much_of_little_is_refused()
    {
        var map = SentencePieceBytes.Map(("a", new string('b', 257)));
        SmallTokenizers.WriteModel(scratch, ".", SentencePieceBytes.Model(SmallTokenizers.Pieces, map));
        Assert.Contains("its character map is damaged", Assert.Throws<InvalidDataException>(() => UnigramTokenizer.Load(scratch.Folder)).Message, StringComparison.Ordinal);
        SmallTokenizers.WriteModel(scratch, ".", SentencePieceBytes.Model(SmallTokenizers.Pieces, SentencePieceBytes.Map(("a", new string('b', 256)))));
        Assert.Equal(258, UnigramTokenizer.Load(scratch.Folder).Encode("a", null, 1000).Ids.Length);
    }

    [Theory]
    [InlineData(2, "is not a Unigram model")]
    [InlineData(4, "is not a Unigram model")]
    public void Models_of_other_kinds_are_refused_by_name(int kind, string message)
    {
        SmallTokenizers.WriteModel(scratch, ".", SentencePieceBytes.Model(SmallTokenizers.Pieces, null, kind));
        Assert.Contains(message, Assert.Throws<InvalidDataException>(() => UnigramTokenizer.Load(scratch.Folder)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_model_lacks_is_named()
    {
        Assert.Contains("spiece.model", Assert.Throws<FileNotFoundException>(() => UnigramTokenizer.Load(scratch.Folder)).Message, StringComparison.Ordinal);
        Refused([("<pad>", 0, 3), ("<unk>", 0, 2)], "has no token </s>; is this a vocabulary of T5?");
        Refused([("<pad>", 0, 3), ("</s>", 0, 3), ("<unk>", 0, 2), ("a", float.NaN, 1)], "score is not a number");
        Refused([("<pad>", 0, 3), ("</s>", 0, 3), ("<unk>", 0, 2), ("<0x00>", 0, 6)], "byte pieces are not read");
        Refused([], "has no pieces");

        void Refused((string, float, int)[] pieces, string message) =>
            Assert.Contains(message, Assert.Throws<InvalidDataException>(() => Load(pieces)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Pieces_that_a_user_defined_are_found_in_text_as_they_are_and_stay_in_it()
    {
        var tokenizer = Load([.. SmallTokenizers.Pieces, ("a b", 0, 4)]);
        Assert.Equal("▁a a b ▁a", string.Join(' ', tokenizer.Encode("aa ba", null, 10).Ids[..^1].Select(id => tokenizer.TokenOf(id))));
        Assert.Equal("a b", tokenizer.Decode([tokenizer.IdOf("a b")!.Value]));
    }

    [Fact]
    public void Real_sentences_come_back_whole()
    {
        var tokenizer = UnigramTokenizer.Load(SharedFiles.BesideFixtures("tokenizers", "t5"));
        Assert.Equal(32100, tokenizer.VocabularySize);
        const string Text = "translate English to Romanian: The sailors rode the breeze clear of the rocks.";
        Assert.Equal(Text, tokenizer.Decode(tokenizer.Encode(Text, null, 64).Ids));
    }

    private void Survives(byte[] model)
    {
        var folder = $"{Guid.NewGuid()}";
        SmallTokenizers.WriteModel(scratch, folder, model);
        try
        {
            _ = UnigramTokenizer.Load(Path.Combine(scratch.Folder, folder)).Encode("a the Ａ \u200B zé", null, 100);
        }
        catch (InvalidDataException error)
        {
            Assert.DoesNotContain('\n', error.Message);
        }
    }

    private static double BestScore(string word, (string Text, float Score, int Kind)[] pieces, double unknown)
    {
        if (word.Length == 0) return 0;
        var known = pieces.Where(piece => word.StartsWith(piece.Text, StringComparison.Ordinal)).ToList();
        var best = known.Select(piece => piece.Score + BestScore(word[piece.Text.Length..], pieces, unknown)).DefaultIfEmpty(double.NegativeInfinity).Max();
        return known.Any(piece => piece.Text.Length == 1) ? best : Math.Max(best, unknown + BestScore(word[1..], pieces, unknown));
    }

    private static string Pieces(UnigramTokenizer tokenizer, string text) => string.Join(' ', tokenizer.Encode(text, null, int.MaxValue).Ids[..^1].Select(id => tokenizer.TokenOf(id)));

    private UnigramTokenizer Small(UnigramOptions? options = null) => Load(SmallTokenizers.Pieces, options);

    private UnigramTokenizer Load(IReadOnlyList<(string, float, int)> pieces, UnigramOptions? options = null)
    {
        var folder = $"{Guid.NewGuid()}";
        SmallTokenizers.WriteModel(scratch, folder, SentencePieceBytes.Model(pieces, SmallTokenizers.Map));
        return UnigramTokenizer.Load(Path.Combine(scratch.Folder, folder), options);
    }
}
