using Spindle.Data.Tasks;

namespace Spindle.Data.Templates;

/// <summary>A label's name for one or two named sentences.</summary>
/// <param name="Name">What the source begins with.</param>
/// <param name="Answers">What is written for each label, in the order of the labels.</param>
/// <param name="First">The text before the first sentence.</param>
/// <param name="Second">The text before the second, or null where there is none.</param>
internal sealed record LabelTemplate(string Name, IReadOnlyList<string> Answers, string First, string? Second = null) : ITextTemplate
{
    /// <summary>No answer is this label's.</summary>
    public const double Wrong = -1;

    /// <summary>Whether the second sentence comes first.</summary>
    public bool SecondFirst { get; init; }

    public string Source(Example row)
    {
        if (Second is null) return $"{Name} {First}: {row.First}";
        return SecondFirst ? $"{Name} {Second}: {row.Second} {First}: {row.First}" : $"{Name} {First}: {row.First} {Second}: {row.Second}";
    }

    public string Target(Example row) => Answers[(int)row.Label];

    public double Label(string answer)
    {
        for (var label = 0; label < Answers.Count; label++)
            if (Answers[label] == answer) return label;
        return Wrong;
    }
}
