namespace Spindle.Models.Generation;

/// <summary>Selects the next token of a sequence.</summary>
internal interface ITokenSelector
{
    /// <summary>The selected token; its log-probability is above minus infinity.</summary>
    int Select(ReadOnlySpan<float> logProbabilities);
}
