namespace Spindle.Models.Checkpoints.Pickle;

/// <summary>A dictionary of a pickle, in the order in which it was filled.</summary>
internal sealed class PickleDictionary
{
    private List<KeyValuePair<object?, object?>>? items; // most are empty: a pickle's byte must not become many

    public IReadOnlyList<KeyValuePair<object?, object?>> Items => items ?? [];

    public void Add(object? key, object? value) => (items ??= []).Add(new(key, value));
}
