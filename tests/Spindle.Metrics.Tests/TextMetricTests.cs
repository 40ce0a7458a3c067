using Spindle.Metrics.Bleu;
using Spindle.Metrics.Chrf;
using Spindle.Metrics.Rouge;

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
        Assert.Throws<ArgumentException>(() => BleuMetric.Corpus([references, ["one"]], ["a", "b"]));
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
        Assert.Equal("nrefs:1|case:mixed|eff:yes|nc:6|nw:2|space:no|version:2.6.0", ChrfMetric.Signature(new() { Words = 2 }));
        Assert.True(ChrfMetric.Corpus(["one two three"], ["three two one"], new() { Words = 2 }) < ChrfMetric.Corpus(["one two three"], ["one two thee"], new() { Words = 2 }));
    }
}
