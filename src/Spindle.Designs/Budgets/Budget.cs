using System.Globalization;

namespace Spindle.Designs.Budgets;

/// <summary>A budget of trained parameters: a share of the backbone's parameters, or a whole number.</summary>
public sealed record Budget
{
    /// <summary>The budget where none is given: the paper's 0.5% of the backbone's parameters.</summary>
    public static Budget Default { get; } = OfShare(0.005m);

    private Budget(decimal? share, long? count) => (Share, Count) = (share, count);

    /// <summary>The share of the backbone's parameters (0.005 for 0.5%), or null if a number was given.</summary>
    public decimal? Share { get; }

    /// <summary>The number of parameters, or null if a share was given.</summary>
    public long? Count { get; }

    /// <summary>A share of the backbone's parameters, above 0 and at most 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The share is outside its range.</exception>
    public static Budget OfShare(decimal share) => share is > 0 and <= 1
        ? new(share, null)
        : throw new ArgumentOutOfRangeException(nameof(share), share, "the share of a budget must be above 0 and at most 1");

    /// <summary>A number of parameters, at least 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is below 1.</exception>
    public static Budget OfCount(long count) => count >= 1
        ? new(null, count)
        : throw new ArgumentOutOfRangeException(nameof(count), count, "a budget must be at least one parameter");

    /// <summary>Reads <c>0.5%</c> or <c>110592</c>.</summary>
    /// <exception cref="FormatException">The text is neither.</exception>
    public static Budget Parse(string text)
    {
        var trimmed = text.Trim();
        if (trimmed.EndsWith('%')
            && decimal.TryParse(trimmed[..^1], NumberStyles.Number, CultureInfo.InvariantCulture, out var percent)
            && percent is > 0 and <= 100)
            return OfShare(percent / 100);
        if (long.TryParse(trimmed, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count >= 1)
            return OfCount(count);
        throw new FormatException($"'{text}' is not a budget; write a share above 0% and at most 100% (0.5%) or a whole number of parameters (110592)");
    }

    /// <summary>The number of parameters that this budget allows on a backbone, rounded down.</summary>
    /// <param name="backboneParameters">The number of the backbone's parameters.</param>
    public long For(long backboneParameters) => Count ?? (long)decimal.Floor(Share!.Value * backboneParameters);

    /// <summary>The text that <see cref="Parse"/> reads.</summary>
    public override string ToString() => Count is { } count
        ? count.ToString(CultureInfo.InvariantCulture)
        : (Share!.Value * 100).ToString("0.############", CultureInfo.InvariantCulture) + "%";
}
