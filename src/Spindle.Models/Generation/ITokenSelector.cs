namespace Spindle.Models.Generation;

/// <summary>Chooses the token that follows.</summary>
internal interface ITokenSelector
{
    /// <summary>A token whose log-probability is not minus infinity.</summary>
    int Select(ReadOnlySpan<float> logProbabilities);
}
