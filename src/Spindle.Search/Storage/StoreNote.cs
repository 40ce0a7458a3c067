namespace Spindle.Search.Storage;

/// <summary>Something worth telling that happened in a search.</summary>
/// <param name="Time">When.</param>
/// <param name="Text">What, in a sentence.</param>
public sealed record StoreNote(DateTimeOffset Time, string Text);
