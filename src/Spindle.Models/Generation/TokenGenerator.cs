namespace Spindle.Models.Generation;

/// <summary>Generates sequences of tokens with a next-token model: by greedy decoding, sampled decoding or beam search.</summary>
public static class TokenGenerator
{
    /// <summary>One sequence per source, with the start token, and with the end token unless the maximum length was reached first.</summary>
    /// <param name="model">The model.</param>
    /// <param name="sources">The number of sources.</param>
    /// <param name="options">How to generate.</param>
    /// <param name="stop">Cancels before the next token.</param>
    /// <exception cref="ArgumentException">An option is invalid.</exception>
    /// <exception cref="OperationCanceledException">The call was cancelled.</exception>
    public static IReadOnlyList<int[]> Generate(INextTokenModel model, int sources, GenerationOptions options, CancellationToken stop = default)
    {
        options.Validate();
        if (options.Beams > 1) return BeamGeneration.Run(model, sources, options, stop);
        return StepwiseGeneration.Run(model, sources, options, options.Sampling is { } sampling ? new SampledDecoding(sampling) : new GreedyDecoding(), stop);
    }
}
