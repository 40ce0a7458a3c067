namespace Spindle.Search.Storage;

/// <summary>A noteworthy event of a search.</summary>
/// <param name="Time">When it happened.</param>
/// <param name="Text">What happened, in one sentence.</param>
public sealed record StoreNote(DateTimeOffset Time, string Text);
