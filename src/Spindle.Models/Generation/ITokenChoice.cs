namespace Spindle.Models.Generation;

/// <summary>Chooses the token that follows.</summary>
internal interface ITokenChoice
{
    /// <summary>A token whose log-probability is not minus infinity.</summary>
    int Choose(ReadOnlySpan<float> logProbabilities);
}
