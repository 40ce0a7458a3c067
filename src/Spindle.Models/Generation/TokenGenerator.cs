namespace Spindle.Models.Generation;

/// <summary>Generates sequences of tokens from what a model says may follow: the likeliest token by token, drawn, or by beam search.</summary>
public static class TokenGenerator
{
    /// <summary>A sequence a source, the start token included, ending with the end token unless the longest length cut it off.</summary>
    /// <param name="model">The model.</param>
    /// <param name="sources">The number of sources.</param>
    /// <param name="options">How to generate.</param>
    /// <param name="stop">Stops before the next token.</param>
    /// <exception cref="ArgumentException">The options are impossible.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static IReadOnlyList<int[]> Generate(INextTokenModel model, int sources, GenerationOptions options, CancellationToken stop = default)
    {
        options.Validate();
        if (options.Beams > 1) return BeamGeneration.Run(model, sources, options, stop);
        return StepwiseGeneration.Run(model, sources, options, options.Sampling is { } sampling ? new SampledDecoding(sampling) : new GreedyDecoding(), stop);
    }
}
