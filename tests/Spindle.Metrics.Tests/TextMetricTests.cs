using Spindle.Metrics.Bleu;
using Spindle.Metrics.Chrf;
using Spindle.Metrics.Rouge;
using Spindle.Metrics.Texts;

namespace Spindle.Metrics.Tests;

/// <summary>What every metric over texts holds to.</summary>
public class TextMetricTests
{
    private static readonly Gen<string> Text = Gen.OneOf(Gen.String, Gen.String["abc .,-'0 \n"], Gen.Const(""), Gen.Const("\ud83d\ude00 ok\r\n"), Gen.Const("\ud83d"));

    public static TheoryData<string> Names => [.. TextMetricCatalogue.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void Any_texts_score_from_0_to_1_and_the_order_of_the_rows_does_not_matter(string name) => Gen.Select(Text, Text).Array[1, 6].Sample(pairs =>
    {
        string[] references = [.. pairs.Select(pair => pair.Item1)], written = [.. pairs.Select(pair => pair.Item2)];
        var value = TextMetricCatalogue.Compute(name, references, written);
        Assert.InRange(value, 0, 1 + 1e-9);
        Assert.Equal(value, TextMetricCatalogue.Compute(name, [.. references.Reverse()], [.. written.Reverse()]), 1e-9);
    }, iter: 300);

    [Theory]
    [MemberData(nameof(Names))]
    public void Texts_that_count_several_times_are_as_texts_that_stand_there_several_times(string name) =>
        Gen.Select(Text, Text, Gen.Int[0, 3]).Array[1, 6].Where(rows => rows.Any(row => row.Item3 > 0)).Sample(rows =>
        {
            var laid = rows.SelectMany(row => Enumerable.Repeat((Reference: row.Item1, Written: row.Item2), row.Item3)).ToArray();
            var pairs = TextMetricCatalogue.Pairs(name, [.. rows.Select(row => row.Item1)], [.. rows.Select(row => row.Item2)]);
            Assert.Equal(
                TextMetricCatalogue.Compute(name, [.. laid.Select(row => row.Reference)], [.. laid.Select(row => row.Written)]),
                pairs.Compute([.. rows.Select(row => row.Item3)]),
                1e-9);
        }, iter: 100);

    [Theory]
    [MemberData(nameof(Names))]
    public void A_text_like_its_reference_scores_1(string name)
    {
        string[] texts = ["The cat sat on the mat, quietly.", "Nine words are enough for every run of four."];
        Assert.Equal(1, TextMetricCatalogue.Compute(name, texts, texts), 1e-9);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void No_row_and_unequal_rows_are_refused(string name)
    {
        Assert.Throws<ArgumentException>(() => TextMetricCatalogue.Compute(name, [], []));
        Assert.Throws<ArgumentException>(() => TextMetricCatalogue.Compute(name, ["a"], ["a", "b"]));
    }

    [Theory]
    [InlineData("bleu", "nrefs:1|case:mixed|eff:no|tok:13a|smooth:exp|version:2.6.0")]
    [InlineData("bleu-romanian", "nrefs:1|case:mixed|eff:no|tok:13a|smooth:exp|version:2.6.0")]
    [InlineData("bleu-international", "nrefs:1|case:mixed|eff:no|tok:intl|smooth:exp|version:2.6.0")]
    [InlineData("bleu-characters", "nrefs:1|case:mixed|eff:no|tok:char|smooth:exp|version:2.6.0")]
    [InlineData("bleu-none", "nrefs:1|case:mixed|eff:no|tok:none|smooth:exp|version:2.6.0")]
    [InlineData("chrf", "nrefs:1|case:mixed|eff:yes|nc:6|nw:0|space:no|version:2.6.0")]
    [InlineData("chrf++", "nrefs:1|case:mixed|eff:yes|nc:6|nw:2|space:no|version:2.6.0")]
    [InlineData("rouge1", null)]
    [InlineData("accuracy", null)]
    public void Metrics_are_signed_as_sacreBLEU_signs_them(string name, string? signature) => Assert.Equal(signature, TextMetricCatalogue.Signature(name));

    [Fact]
    public void Each_BLEU_cuts_texts_its_own_way()
    {
        string[] references = ["“A, b” – c’s 1,5 d."], written = ["“ A , b ” – c’s 1,5 e ."];
        double Score(string name) => TextMetricCatalogue.Compute(name, references, written);
        Assert.Equal(4, ((string[])["bleu", "bleu-international", "bleu-characters", "bleu-none"]).Select(Score).Distinct().Count());
        Assert.True(Score("bleu-none") < Score("bleu"));
        Assert.True(Score("bleu") < Score("bleu-international"));
    }

    [Fact]
    public void An_empty_text_scores_0()
    {
        foreach (var name in TextMetricCatalogue.Names) Assert.Equal(0, TextMetricCatalogue.Compute(name, ["a reference of words"], [""]));
    }

    [Fact]
    public void Of_several_references_the_nearest_in_length_and_every_run_count()
    {
        IReadOnlyList<string> references = ["a b c d e f", "w x y z"];
        var score = BleuMetric.Corpus([references], ["a b x y z"]);
        Assert.Equal(4, score.ReferenceLength);
        Assert.Equal(100, score.Precisions[0]);
        Assert.StartsWith("nrefs:2|", score.Signature);
    }

    [Fact]
    public void Of_several_references_an_empty_one_stands_for_none()
    {
        string[][] varying = [["a b c d e", ""], ["w x y z", "w x"]];
        string[] written = ["a b c d", "w x y"];
        var (bleu, chrf) = (BleuMetric.Corpus(varying, written), ChrfMetric.Corpus(varying, written));
        Assert.StartsWith("nrefs:var|", bleu.Signature);
        Assert.StartsWith("nrefs:var|", chrf.Signature);
        Assert.Equal(7, bleu.ReferenceLength); // of four and two tokens both are one from three, and the shorter counts
        Assert.Equal(BleuMetric.Corpus(["a b c d e"], ["a b c d"]).Score, BleuMetric.Corpus([["", "a b c d e"]], ["a b c d"]).Score);
        Assert.Equal(0, BleuMetric.Corpus([["", ""]], ["a b c d"]).Score);
        Assert.Equal(0, ChrfMetric.Corpus([["", ""]], ["a b c d"]).Score);
        Assert.Contains("text 2 has no reference", Assert.Throws<ArgumentException>(() => BleuMetric.Corpus([["a"], []], ["a", "b"])).Message);
        Assert.Throws<ArgumentException>(() => ChrfMetric.Corpus([["a"]], ["a", "b"]));
        Assert.Throws<ArgumentException>(() => ChrfMetric.Corpus(Array.Empty<string>(), []));
    }

    [Fact]
    public void ChrF_takes_the_reference_that_a_text_is_most_like()
    {
        string[] written = ["the cat sat", "a dog ran"];
        var both = ChrfMetric.Corpus([["the cat sits", "birds fly"], ["fish swim", "the dog ran"]], written);
        Assert.Equal(ChrfMetric.Corpus(["the cat sits", "the dog ran"], written).Score, both.Score, 1e-12);
        Assert.Equal("nrefs:2|case:mixed|eff:yes|nc:6|nw:0|space:no|version:2.6.0", both.Signature);
    }

    [Fact]
    public void ChrF_counts_blanks_and_averages_over_all_lengths_if_it_is_to()
    {
        ChrfOptions two = new() { Characters = 2, Beta = 1 };
        // runs without blanks ab: a, b, ab against ab; with them a, blank, b and two pairs against a, b and one
        Assert.Equal(100, ChrfMetric.Corpus(["ab"], ["a b"], two).Score, 1e-9);
        var (precision, recall) = ((2.0 / 3 + 0) / 2, (1.0 + 0) / 2);
        Assert.Equal(200 * precision * recall / (precision + recall), ChrfMetric.Corpus(["ab"], ["a b"], two with { Whitespace = true }).Score, 1e-9);
        // one character against one: there is no run of two
        Assert.Equal(100, ChrfMetric.Corpus(["a"], ["a"], two).Score, 1e-9);
        var smoothed = ChrfMetric.Corpus(["a"], ["a"], two with { EpsilonSmoothing = true, Whitespace = true });
        Assert.Equal(50, smoothed.Score, 1e-9);
        Assert.Equal("nrefs:1|case:mixed|eff:no|nc:2|nw:0|space:yes|version:2.6.0", smoothed.Signature);
    }

    [Theory]
    [InlineData(BleuSmoothing.Exponential, "exp", 25, 25, 0)]
    [InlineData(BleuSmoothing.Floor, "floor[0.10]", 5, 10, 0)]
    [InlineData(BleuSmoothing.AddOne, "add-k[1.00]", 100.0 / 3, 50, 100)]
    [InlineData(BleuSmoothing.None, "none", 0, 0, 0)]
    public void Smoothing_gives_the_runs_without_a_match_what_its_rule_says(BleuSmoothing smoothing, string signed, double second, double third, double fourth)
    {
        // three tokens, all there, backwards: of two runs of two none matches, nor the one run of three
        var score = BleuMetric.Corpus(["a b c"], ["c b a"], new() { Smoothing = smoothing });
        double[] expected = [100, second, third, fourth];
        Assert.Equal(expected, score.Precisions, (want, own) => Math.Abs(want - own) < 1e-9);
        Assert.Contains($"|smooth:{signed}|", score.Signature);
    }

    [Theory]
    [InlineData(BleuTokenizer.V13A, "It's 1,000.5 (or so)-ish, e.g. 3-4.", "It's 1,000.5 ( or so ) -ish , e . g . 3 - 4 .")]
    [InlineData(BleuTokenizer.V13A, "hyphen-\nated &lt;b&gt; <skipped>x", "hyphenated < b > x")]
    [InlineData(BleuTokenizer.V13A, "one\r\ntwo\u2028three", "one two three")]
    [InlineData(BleuTokenizer.International, "„Bună”, 1.000,5 € — 20%.", "„ Bună ” , 1.000,5 € — 20 % .")]
    [InlineData(BleuTokenizer.International, "the year 2016.", "the year 2016.")]
    [InlineData(BleuTokenizer.None, " a\tb.\r\n", "a b.")]
    [InlineData(BleuTokenizer.Character, "a b\ud83d\ude00", "a b \ud83d\ude00")]
    [InlineData(BleuTokenizer.Character, "", "")]
    public void Tokenizers_cut_where_sacreBLEU_does(BleuTokenizer tokenizer, string text, string tokens) =>
        Assert.Equal(tokens, string.Join(' ', BleuTokens.Split(text, tokenizer)));

    [Fact]
    public void Signs_of_control_join_no_tokens() =>
        Assert.Equal([0, 0, 0, 0], BleuMetric.Corpus(["a b\u0001c"], ["a\u0001b c"], new() { Tokenizer = BleuTokenizer.None }).Precisions);

    [Fact]
    public void Of_runs_that_a_reference_is_too_short_for_none_counts_against_a_text()
    {
        // of single characters 3 of 5 are there, of pairs the one that has a pair to be compared with
        var (precision, recall) = ((3.0 / 5 + 1) / 2, 1.0);
        Assert.Equal(200 * precision * recall / (precision + recall), ChrfMetric.Corpus(["a", "ab"], ["abc", "ab"], new() { Characters = 2, Beta = 1 }).Score, 1e-9);
    }

    [Fact]
    public void Of_equally_long_subsequences_the_one_that_ends_first_in_the_reference_counts()
    {
        Assert.Equal([0], CommonSubsequence.Places(["a", "b"], ["b", "a"]));
        Assert.Equal([2, 1, 0], CommonSubsequence.Places(["a", "b", "c"], ["a", "c", "b", "x", "c"]));
        Assert.Empty(CommonSubsequence.Places(["a"], []));
    }

    [Fact]
    public void A_long_line_is_matched_without_a_table_of_its_square()
    {
        var line = string.Join(' ', Enumerable.Range(0, 3000).Select(word => $"w{word % 7}"));
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Equal(1, RougeMetric.LongestCommonOfLines(line, line).F);
        Assert.Equal(1, RougeMetric.LongestCommon(line, line).F);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 8_000_000);
    }

    [Theory]
    [InlineData(BleuSmoothing.None, 0)]
    [InlineData(BleuSmoothing.Exponential, 1)]
    [InlineData(BleuSmoothing.Floor, 1)]
    [InlineData(BleuSmoothing.AddOne, 1)]
    public void Smoothing_keeps_a_text_without_a_long_run_above_zero(BleuSmoothing smoothing, int sign) =>
        Assert.Equal(sign, Math.Sign(Math.Round(BleuMetric.Corpus(["the cat sat on a mat"], ["the mat sat a cat on"], new() { Smoothing = smoothing }).Score, 9)));

    [Fact]
    public void Romanians_letters_are_brought_to_one_form_and_bared()
    {
        Assert.Equal("ȘșȚț și ție", Romanian.Normalise("ŞşŢţ şi ţie"));
        Assert.Equal("SsTt AaAaIi", Romanian.RemoveDiacritics("ŞșŢț ĂăÂâÎî"));
        Assert.Equal(1, TextMetricCatalogue.Compute("bleu-romanian", ["Și țara are o câmpie întinsă"], ["Şi tara are o campie intinsă"]), 1e-9);
    }

    [Fact]
    public void Lines_of_a_summary_are_matched_each_with_all()
    {
        var whole = RougeMetric.LongestCommonOfLines("the cat sat\nthe dog ran", "the dog ran\nthe cat sat");
        Assert.Equal((1, 1), (whole.Precision, whole.Recall));
        Assert.True(RougeMetric.LongestCommon("the cat sat\nthe dog ran", "the dog ran\nthe cat sat").F < 1);
    }

    [Fact]
    public void ChrF_plus_plus_counts_words_and_says_so()
    {
        ChrfOptions words = new() { Words = 2 };
        var shuffled = ChrfMetric.Corpus(["one two three"], ["three two one"], words);
        Assert.Equal("nrefs:1|case:mixed|eff:yes|nc:6|nw:2|space:no|version:2.6.0", shuffled.Signature);
        Assert.True(shuffled.Score < ChrfMetric.Corpus(["one two three"], ["one two thee"], words).Score);
        // a sign at a word's edge is a word: "(a" and "b)" are four, two of them in the reference
        Assert.Equal(100 * 2.0 / 4, ChrfMetric.Corpus(["a b"], ["(a b)"], new() { Characters = 0, Words = 1, Beta = 0 }).Score, 1e-9);
    }
}
