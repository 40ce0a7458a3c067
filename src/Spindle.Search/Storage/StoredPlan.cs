using Spindle.Designs.Plans;
using Spindle.Yaml;

namespace Spindle.Search.Storage;

/// <summary>Stores plans as text: the design as readable YAML, and its sizes as JSON.</summary>
internal static class StoredPlan
{
    private const string Full = "full";
    private const string WithoutDesign = "sized";

    /// <summary>The text of a plan's design.</summary>
    public static string DesignText(TuningPlan plan) => plan switch
    {
        TuningPlan.Sized { Design: { } design } => DesignYaml.Write(design),
        TuningPlan.Sized => WithoutDesign,
        TuningPlan.Full => Full,
        _ => throw new ArgumentException($"unknown plan {plan}", nameof(plan)),
    };

    /// <summary>The text of a plan's sizes, or null if it has none.</summary>
    public static string? SizesText(TuningPlan plan) => plan is TuningPlan.Sized sized ? StoreText.Write(new Sizes(sized.Layers)) : null;

    /// <summary>Reads a plan from both texts.</summary>
    /// <exception cref="InvalidDataException">The texts are not a plan.</exception>
    public static TuningPlan Read(string design, string? sizes, string name)
    {
        if (design == Full) return new TuningPlan.Full();
        var layers = StoreText.Read<Sizes>(sizes ?? "null", name, read => StoredFault.Of(read.Layers)).Layers;
        return new TuningPlan.Sized(design == WithoutDesign ? null : DesignYaml.Parse(design, name), layers);
    }

    /// <summary>Whether two plans have the same design. Their sizes may differ if another version solved the budget differently.</summary>
    public static bool IsSameDesign(TuningPlan plan, TuningPlan other) => DesignText(plan) == DesignText(other);

    private sealed record Sizes(IReadOnlyList<LayerTuning> Layers);
}
