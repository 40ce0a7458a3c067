namespace Spindle.Search.Trials;

/// <summary>A point of the curve of a training loss.</summary>
/// <param name="Examples">The rows trained on.</param>
/// <param name="Loss">The mean loss of the steps since the point before.</param>
public sealed record LossPoint(long Examples, double Loss);
