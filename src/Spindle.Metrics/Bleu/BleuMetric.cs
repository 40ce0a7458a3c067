using System.Globalization;
using Spindle.Metrics.Texts;

namespace Spindle.Metrics.Bleu;

/// <summary>BLEU (Papineni et al. 2002) as sacreBLEU 2.6.0 computes it (Post 2018). Unlike sacreBLEU, it accepts a text whose only reference is empty; such a text adds no match.</summary>
public static class BleuMetric
{
    private const int LongestRun = 4;
    private const int TallyLength = 2 + 2 * LongestRun;
    private const double Tenth = 0.1;

    /// <summary>BLEU of a corpus.</summary>
    /// <param name="references">One or several references for each text. An empty one among several counts as missing.</param>
    /// <param name="generated">The generated texts, one for each item of the references.</param>
    /// <param name="options">The options, or null for sacreBLEU's defaults.</param>
    /// <exception cref="ArgumentException">There are no texts, the counts differ, or a text has no reference.</exception>
    public static BleuScore Corpus(IReadOnlyList<IReadOnlyList<string>> references, IReadOnlyList<string> generated, BleuOptions? options = null)
    {
        options ??= new();
        var filled = References.Filled(references, generated);
        var sums = new double[TallyLength];
        for (var row = 0; row < generated.Count; row++)
            foreach (var (at, count) in Tally(filled[row], generated[row], options).Index()) sums[at] += count;
        return OfSums(sums, options, References.Number(filled));
    }

    /// <summary>BLEU of a corpus with one reference per text.</summary>
    /// <param name="references">The reference of each text.</param>
    /// <param name="generated">The generated texts, one for each item of the references.</param>
    /// <param name="options">The options, or null for sacreBLEU's defaults.</param>
    /// <exception cref="ArgumentException">There are no texts, or the counts differ.</exception>
    public static BleuScore Corpus(IReadOnlyList<string> references, IReadOnlyList<string> generated, BleuOptions? options = null) =>
        Corpus(References.Single(references), generated, options);

    /// <summary>BLEU of one text, from the n-gram orders that it has.</summary>
    /// <param name="reference">The reference.</param>
    /// <param name="generated">The generated text.</param>
    /// <param name="options">The options, or null for sacreBLEU's defaults. The effective order is always used.</param>
    public static BleuScore Sentence(string reference, string generated, BleuOptions? options = null) =>
        Corpus([[reference]], [generated], (options ?? new()) with { EffectiveOrder = true });

    /// <summary>The counts of one text: its tokens, the reference's tokens, then for each order the matching n-grams and all n-grams of the text.</summary>
    internal static double[] Tally(IReadOnlyList<string> references, string generated, BleuOptions options)
    {
        var own = Tokens(generated, options);
        var others = references.Select(reference => Tokens(reference, options)).ToArray();
        var tally = new double[TallyLength];
        tally[0] = own.Count;
        // the reference with the nearest length; the shorter one on a tie
        tally[1] = others.Select(other => other.Count).OrderBy(other => Math.Abs(other - own.Count)).ThenBy(other => other).First();
        for (var run = 1; run <= LongestRun; run++)
        {
            var counts = NgramCounts.Of(own, run);
            tally[2 * run] = counts.Common(others.Select(other => NgramCounts.Of(other, run)).Aggregate((all, next) => all.Union(next)));
            tally[2 * run + 1] = counts.Total;
        }
        return tally;
    }

    private static List<string> Tokens(string text, BleuOptions options) =>
        BleuTokens.Split(Whitespace.TrimEnd(options.Lowercase ? text.ToLowerInvariant() : text), options.Tokenizer);

    /// <summary>BLEU of a corpus from the summed counts of its texts.</summary>
    internal static BleuScore OfSums(IReadOnlyList<double> sums, BleuOptions options, string references)
    {
        var (length, expected) = ((int)sums[0], (int)sums[1]);
        var penalty = length >= expected ? 1 : length > 0 ? Math.Exp(1 - (double)expected / length) : 0;
        var precisions = new double[LongestRun];
        var signature = Sign(options, references);
        if (Enumerable.Range(1, LongestRun).All(run => sums[2 * run] == 0)) return new(0, precisions, penalty, length, expected, signature);
        var (share, order) = (1.0, LongestRun);
        for (var run = 1; run <= LongestRun; run++)
        {
            var more = options.Smoothing == BleuSmoothing.AddOne && run > 1 ? 1 : 0;
            var (matches, all) = (sums[2 * run] + more, sums[2 * run + 1] + more);
            if (all == 0) break;
            if (options.EffectiveOrder) order = run;
            precisions[run - 1] = 100.0 * (matches > 0 ? matches : options.Smoothing switch
            {
                BleuSmoothing.Exponential => share /= 2,
                BleuSmoothing.Floor => Tenth,
                _ => 0,
            }) / all;
        }
        var logarithms = precisions.Take(order).Sum(precision => precision == 0 ? -9999999999 : Math.Log(precision));
        return new(penalty * Math.Exp(logarithms / order), precisions, penalty, length, expected, signature);
    }

    /// <summary>The signature in sacreBLEU's format.</summary>
    internal static string Sign(BleuOptions options, string references)
    {
        var tokenizer = options.Tokenizer switch { BleuTokenizer.V13A => "13a", BleuTokenizer.International => "intl", BleuTokenizer.Character => "char", _ => "none" };
        var smoothing = options.Smoothing switch { BleuSmoothing.Exponential => "exp", BleuSmoothing.Floor => "floor[0.10]", BleuSmoothing.AddOne => "add-k[1.00]", _ => "none" };
        return string.Create(CultureInfo.InvariantCulture,
            $"nrefs:{references}|case:{(options.Lowercase ? "lc" : "mixed")}|eff:{(options.EffectiveOrder ? "yes" : "no")}|tok:{tokenizer}|smooth:{smoothing}|version:2.6.0");
    }
}
