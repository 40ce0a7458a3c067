using System.Globalization;

namespace Spindle.Reports;

/// <summary>Formats numbers for reports.</summary>
internal static class Figures
{
    private const string Unknown = "–";

    /// <summary>Points with two decimals.</summary>
    public static string Points(double? points) => points?.ToString("0.00", CultureInfo.InvariantCulture) ?? Unknown;

    /// <summary>A difference in points, signed.</summary>
    public static string Signed(double points) => points.ToString("+0.00;-0.00;0.00", CultureInfo.InvariantCulture);

    /// <summary>Milliseconds with three significant digits.</summary>
    public static string Milliseconds(double? milliseconds) => milliseconds?.ToString("G3", CultureInfo.InvariantCulture) ?? Unknown;

    /// <summary>A whole number with thousands separators.</summary>
    public static string Whole(long? number) => number?.ToString("N0", CultureInfo.InvariantCulture) ?? Unknown;

    /// <summary>A number and a noun whose plural ends in s.</summary>
    public static string Count(long number, string what) => $"{Whole(number)} {what}{(number == 1 ? "" : "s")}";

    /// <summary>A share as a percentage.</summary>
    public static string Percent(double share) => share.ToString("0.###%", CultureInfo.InvariantCulture);

    /// <summary>A probability or an effect with three decimals.</summary>
    public static string Thousandths(double value) => value.ToString("0.000", CultureInfo.InvariantCulture);

    /// <summary>A probability with three decimals; empty where it is not known.</summary>
    public static string Thousandths(double? value) => value is { } known ? Thousandths(known) : "";

    /// <summary>A p-value.</summary>
    public static string Probability(double p) => p < 0.001 ? "p < 0.001" : "p = " + Thousandths(p);

    /// <summary>Seconds as hours, minutes and seconds.</summary>
    public static string Time(double seconds)
    {
        var time = TimeSpan.FromSeconds(Math.Round(seconds));
        return time.TotalHours >= 1
            ? FormattableString.Invariant($"{(long)time.TotalHours} h {time.Minutes} min")
            : time.TotalMinutes >= 1 ? FormattableString.Invariant($"{time.Minutes} min {time.Seconds} s") : FormattableString.Invariant($"{time.Seconds} s");
    }
}
