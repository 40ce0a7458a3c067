using Spindle.Models.Generation;

namespace Spindle.Models.Tests.Generation;

public class TokenGeneratorTests
{
    private const int Start = 0;
    private const int End = 1;

    private static readonly GenerationOptions Greedy = new() { StartId = Start, EndId = End, MaximumLength = 12 };
    private static readonly Gen<int> Seed = Gen.Int[0, 1_000_000];

    [Fact]
    public void Beams_as_many_as_there_are_sequences_find_the_best_of_all() =>
        Gen.Select(Seed, Gen.Int[2, 5], Gen.Double[0, 2]).Sample(
            (seed, length, penalty) =>
            {
                var model = new ToyLanguage(3, seed);
                var options = Greedy with { MaximumLength = length, Beams = 100, LengthPenalty = penalty };
                var best = Whole(model, options, [Start], 0).MaxBy(sequence => sequence.Score / MathF.Pow(sequence.Tokens.Length - 1, (float)penalty)).Tokens;
                Assert.Equal(best, Generate(model, 1, options).Single());
            },
            iter: 200);

    [Fact]
    public void More_beams_never_read_less_likely_text_than_the_exhaustive_best()
    {
        var model = new ToyLanguage(4, 3);
        var options = Greedy with { MaximumLength = 6, LengthPenalty = 0 };
        var best = Whole(model, options, [Start], 0).Max(sequence => sequence.Score);
        foreach (var beams in (int[])[2, 4, 8, 400])
            Assert.True(ScoreOf(model, Generate(new ToyLanguage(4, 3), 1, options with { Beams = beams }).Single()) <= best + 1e-4);
    }

    [Fact]
    public void Greedy_text_takes_the_likeliest_token_every_time() =>
        Seed.Sample(seed =>
        {
            var model = new ToyLanguage(7, seed);
            var text = Generate(model, 1, Greedy).Single();
            Assert.Equal(Start, text[0]);
            for (var at = 1; at < text.Length; at++)
            {
                var next = model.After(0, text[..at]);
                Assert.Equal(next.Max(), next[text[at]]);
            }
            Assert.True(text[^1] == End || text.Length == Greedy.MaximumLength);
            Assert.DoesNotContain(End, text[..^1]);
        });

    [Fact]
    public void Sources_together_give_what_each_gives_alone() =>
        Gen.Select(Seed, Gen.Int[1, 4], Gen.Enum<EarlyStopping>(), Gen.Int[0, 3]).Sample((seed, beams, stopping, ngram) =>
        {
            var options = Greedy with { Beams = beams, EarlyStopping = stopping, NoRepeatNgram = ngram };
            var together = Generate(new ToyLanguage(6, seed), 3, options);
            for (var source = 0; source < 3; source++)
                Assert.Equal(together[source], Generate(new OneSource(new(6, seed), source), 1, options).Single());
        });

    [Fact]
    public void No_ngram_occurs_twice_where_that_is_asked() =>
        Gen.Select(Seed, Gen.Int[1, 4], Gen.Int[2, 3]).Sample((seed, beams, ngram) =>
        {
            var text = Generate(new ToyLanguage(9, seed), 1, Greedy with { Beams = beams, NoRepeatNgram = ngram, MinimumLength = 12 }).Single();
            var grams = Enumerable.Range(0, text.Length - ngram + 1).Select(at => string.Join(' ', text[at..(at + ngram)])).ToArray();
            Assert.Equal(grams.Length, grams.Distinct().Count());
        });

    [Fact]
    public void Lengths_and_forced_tokens_are_kept() =>
        Gen.Select(Seed, Gen.Int[1, 4], Gen.Int[2, 8]).Sample((seed, beams, minimum) =>
        {
            var options = Greedy with { Beams = beams, MinimumLength = minimum, MaximumLength = 10, ForcedBeginId = 4, ForcedEndId = End };
            var text = Generate(new ToyLanguage(6, seed), 1, options).Single();
            Assert.Equal([Start, 4], text[..2]);
            Assert.Equal(End, text[^1]);
            Assert.InRange(text.Length, minimum + 1, 10);
        });

    [Fact]
    public void Early_stopping_reads_no_more_than_the_heuristic_and_the_heuristic_no_more_than_never() =>
        Seed.Sample(seed =>
        {
            var reads = ((EarlyStopping[])[EarlyStopping.WhenFull, EarlyStopping.Heuristic, EarlyStopping.Never]).Select(stopping =>
            {
                var model = new ToyLanguage(5, seed);
                Generate(model, 1, Greedy with { Beams = 3, EarlyStopping = stopping });
                return model.Reads;
            }).ToArray();
            Assert.True(reads[0] <= reads[1] && reads[1] <= reads[2], string.Join(", ", reads));
        });

    [Fact]
    public void Drawing_from_the_likeliest_token_alone_is_greedy() =>
        Seed.Sample(seed =>
        {
            var greedy = Generate(new ToyLanguage(7, seed), 2, Greedy);
            Assert.Equal(greedy, Generate(new ToyLanguage(7, seed), 2, Greedy with { Sampling = new(TopK: 1) }));
            Assert.Equal(greedy, Generate(new ToyLanguage(7, seed), 2, Greedy with { Sampling = new(TopP: 1e-9) }));
        });

    [Theory]
    [InlineData(1.0, 0, 1.0, new[] { 0.5, 0.3, 0.15, 0.05 })]
    [InlineData(0.5, 0, 1.0, new[] { 0.6849, 0.2466, 0.0616, 0.0068 })]
    [InlineData(1.0, 2, 1.0, new[] { 0.625, 0.375, 0, 0 })]
    [InlineData(1.0, 0, 0.79, new[] { 0.625, 0.375, 0, 0 })]
    [InlineData(1.0, 0, 0.81, new[] { 0.5263, 0.3158, 0.1579, 0 })]
    public void Tokens_are_drawn_as_often_as_temperature_and_cuts_say(double temperature, int topK, double topP, double[] shares)
    {
        const int Draws = 20_000;
        var options = Greedy with { StartId = 0, EndId = 9, MaximumLength = Draws + 1, Sampling = new(temperature, topK, topP, Seed: 5) };
        var text = Generate(new Dice([0.5, 0.3, 0.15, 0.05]), 1, options).Single();
        for (var token = 0; token < shares.Length; token++)
        {
            var seen = text[1..].Count(other => other == token) / (double)Draws;
            Assert.InRange(seen, shares[token] - 0.02, shares[token] + 0.02);
            Assert.Equal(shares[token] > 0, seen > 0);
        }
    }

    [Fact]
    public void Impossible_options_are_refused()
    {
        GenerationOptions[] impossible =
        [
            Greedy with { Beams = 0 }, Greedy with { MaximumLength = 1 }, Greedy with { MinimumLength = -1 }, Greedy with { NoRepeatNgram = -1 },
            Greedy with { LengthPenalty = double.NaN }, Greedy with { Sampling = new(Temperature: 0) }, Greedy with { Sampling = new(TopP: 0) },
            Greedy with { Sampling = new(TopK: -1) }, Greedy with { Sampling = new(), Beams = 2 },
        ];
        foreach (var options in impossible) Assert.ThrowsAny<ArgumentException>(() => Generate(new ToyLanguage(3, 1), 1, options));
    }

    private static IReadOnlyList<int[]> Generate(INextTokenModel model, int sources, GenerationOptions options) =>
        TokenGenerator.Generate(model, sources, options, TestContext.Current.CancellationToken);

    private static IEnumerable<(int[] Tokens, float Score)> Whole(ToyLanguage model, GenerationOptions options, int[] tokens, float score)
    {
        if (tokens.Length > 1 && (tokens[^1] == End || tokens.Length == options.MaximumLength)) return [(tokens, score)];
        var next = model.After(0, tokens);
        return Enumerable.Range(0, model.VocabularySize).SelectMany(token => Whole(model, options, [.. tokens, token], score + next[token]));
    }

    private static float ScoreOf(ToyLanguage model, int[] text) =>
        Enumerable.Range(1, text.Length - 1).Sum(at => model.After(0, text[..at])[text[at]]);

    private sealed class OneSource(ToyLanguage model, int source) : INextTokenModel
    {
        private bool begun;

        public int VocabularySize => model.VocabularySize;

        public float[] Read(ReadOnlySpan<int> parents, ReadOnlySpan<int> tokens)
        {
            if (begun) return model.Read(parents, tokens);
            begun = true;
            return model.Read([source], tokens);
        }
    }

    private sealed class Dice(double[] shares) : INextTokenModel
    {
        public int VocabularySize => shares.Length;

        public float[] Read(ReadOnlySpan<int> parents, ReadOnlySpan<int> tokens) => [.. shares.Select(share => (float)Math.Log(share))];
    }
}
