namespace Spindle.Models.Generation;

/// <summary>Sampled decoding: draws the next token from the distribution after temperature, top-k and top-p.</summary>
/// <param name="options">The options.</param>
internal sealed class SampledDecoding(SamplingOptions options) : ITokenSelector
{
    private readonly Random random = new(options.Seed);

    public int Select(ReadOnlySpan<float> logProbabilities)
    {
        var scores = logProbabilities.ToArray();
        int[] tokens = [.. Enumerable.Range(0, scores.Length).Where(token => scores[token] > float.NegativeInfinity)];
        Array.Sort(tokens, (one, other) => scores[other].CompareTo(scores[one]) is not 0 and var order ? order : one.CompareTo(other));
        var count = options.TopK > 0 ? Math.Min(options.TopK, tokens.Length) : tokens.Length;
        var highest = scores[tokens[0]];
        var weights = new double[count];
        for (var at = 0; at < count; at++) weights[at] = Math.Exp((scores[tokens[at]] - highest) / options.Temperature);

        var share = options.TopP * weights.Sum();
        var (kept, sum) = (0, 0.0);
        while (kept < count && (kept == 0 || sum < share)) sum += weights[kept++];

        var drawn = random.NextDouble() * sum;
        for (var at = 0; at < kept; at++)
        {
            drawn -= weights[at];
            if (drawn < 0) return tokens[at];
        }
        return tokens[kept - 1]; // only reached through rounding
    }
}
