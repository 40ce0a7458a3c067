namespace Spindle.Models.Generation;

/// <summary>Greedy decoding: selects the likeliest token, the first one of equals.</summary>
internal sealed class GreedyDecoding : ITokenSelector
{
    public int Select(ReadOnlySpan<float> logProbabilities)
    {
        var best = 0;
        for (var token = 1; token < logProbabilities.Length; token++)
            if (logProbabilities[token] > logProbabilities[best]) best = token;
        return best;
    }
}
