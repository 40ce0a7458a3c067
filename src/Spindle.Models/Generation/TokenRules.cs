using System.Runtime.InteropServices;

namespace Spindle.Models.Generation;

/// <summary>Applies the rules of the options to the next token: the log-probability of a forbidden one becomes minus infinity.</summary>
/// <param name="options">The options.</param>
internal sealed class TokenRules(GenerationOptions options)
{
    public void Apply(List<int> sequence, Span<float> logProbabilities)
    {
        if (options.NoRepeatNgram > 0) ForbidRepeats(CollectionsMarshal.AsSpan(sequence), logProbabilities);
        if (sequence.Count < options.MinimumLength) logProbabilities[options.EndId] = float.NegativeInfinity;
        if (options.ForcedBeginId is { } begin && sequence.Count == 1) Force(begin, logProbabilities);
        if (options.ForcedEndId is { } end && sequence.Count == options.MaximumLength - 1) Force(end, logProbabilities);
    }

    private void ForbidRepeats(ReadOnlySpan<int> sequence, Span<float> logProbabilities)
    {
        var known = options.NoRepeatNgram - 1;
        if (sequence.Length <= known) return;
        var last = sequence[^known..];
        for (var at = 0; at + known < sequence.Length; at++)
            if (sequence.Slice(at, known).SequenceEqual(last)) logProbabilities[sequence[at + known]] = float.NegativeInfinity;
    }

    private static void Force(int token, Span<float> logProbabilities)
    {
        logProbabilities.Fill(float.NegativeInfinity);
        logProbabilities[token] = 0;
    }
}
