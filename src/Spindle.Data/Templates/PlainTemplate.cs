using Spindle.Data.Tasks;

namespace Spindle.Data.Templates;

/// <summary>A text for a text, after a prefix that says what is to be done.</summary>
/// <param name="prefix">The prefix, or nothing.</param>
internal sealed class PlainTemplate(string prefix) : ITextTemplate
{
    public string Source(Example row) => row.Second is null ? prefix + row.First : $"{prefix}{row.First} {row.Second}";

    public string Target(Example row) => row.Target ?? throw new ArgumentException("the row has no target", nameof(row));

    public double Label(string answer) => double.NaN;
}
