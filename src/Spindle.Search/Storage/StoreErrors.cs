using Spindle.Search.Trials;

namespace Spindle.Search.Storage;

/// <summary>What every store says when it is misused, in the same words.</summary>
internal static class StoreErrors
{
    public static InvalidDataException OtherStudy(string store, string study, string difference) =>
        new($"{store}: belongs to another study ({study}: {difference}); name another store, or set the study back");

    public static InvalidDataException OtherTrial(string store, TrialKey key) =>
        new($"{store}: trial {key} is there with another design, seed or number of epochs; it was made by another version: name another store");
}
