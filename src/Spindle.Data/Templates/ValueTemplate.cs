using System.Globalization;
using Spindle.Data.Tasks;

namespace Spindle.Data.Templates;

/// <summary>A value written in digits: rounded to the twenty-fifth part of its range, which is STS-B's 0.2 (Raffel et al. 2020, section 2.4).</summary>
/// <param name="name">What the source begins with.</param>
/// <param name="range">The range of the values.</param>
/// <param name="first">The text before the first sentence.</param>
/// <param name="second">The text before the second, or null where there is none.</param>
internal sealed class ValueTemplate(string name, ScoreRange range, string first, string? second) : ITextTemplate
{
    private const int Steps = 25;

    private readonly LabelTemplate sentences = new(name, [], first, second);

    public string Source(Example row) => sentences.Source(row);

    public string Target(Example row)
    {
        var step = (range.Maximum - range.Minimum) / Steps;
        return (Math.Round(row.Label / step) * step).ToString("0.0##", CultureInfo.InvariantCulture);
    }

    /// <summary>What was written, or a value below the range where it is not a number in the range.</summary>
    public double Label(string answer) => double.TryParse(answer, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && value >= range.Minimum && value <= range.Maximum
        ? value
        : range.Minimum - 1;
}
