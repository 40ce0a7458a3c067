using Spindle.Designs.Plans;

namespace Spindle.Search.Storage;

/// <summary>Reads the plans of many rows, each only once: a design is trained on several tasks, and reading plans takes most of the time of reading trials.</summary>
internal sealed class PlanReader
{
    private readonly Dictionary<(string Design, string? Sizes), TuningPlan> read = [];

    /// <summary>The plan of both texts, as <see cref="StoredPlan.Read"/> reads it.</summary>
    /// <exception cref="InvalidDataException">The texts are not a plan.</exception>
    public TuningPlan Read(string design, string? sizes, string name)
    {
        if (!read.TryGetValue((design, sizes), out var plan)) read.Add((design, sizes), plan = StoredPlan.Read(design, sizes, name));
        return plan;
    }
}
