namespace Spindle.Models.Tuning;

/// <summary>The order in which the strategies of one layer are attached. It decides which change to a place comes first, and in which order initial values are drawn.</summary>
internal static class StrategyOrder
{
    /// <summary>The kinds of strategies, the first attached first. One that is not listed comes after them, several of these by name.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        "adapter",
        "prefix",
        "bitfit",
        "lora",
        "layer-norm",
        "dora",
        "vera",
        "ia3",
        "scale-shift",
        "prompt",
        "compacter",
        "unipelt",
        "mam",
    ];

    /// <summary>The position of a kind in the order.</summary>
    public static int IndexOf(string kind) => Names.TakeWhile(name => name != kind).Count();
}
