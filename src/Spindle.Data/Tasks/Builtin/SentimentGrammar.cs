using static Spindle.Data.Tasks.Builtin.Lexicon;

namespace Spindle.Data.Tasks.Builtin;

/// <summary>Praise or blame. A clause may deny the opposite, a main clause outweighs what it concedes, a frame may reject all that it reports:
/// each of them is as frequent in the one class as in the other, so that words alone reveal nothing.</summary>
internal sealed class SentimentGrammar : IGrammar
{
    private const double DeniedShare = 0.35;

    private static readonly string[] Denials = ["was not", "was hardly", "was far from", "was anything but", "was never"];
    private static readonly string[] Degrees = ["very", "really", "truly", "quite", "rather"];
    private static readonly string[] Approvals = ["It is true that", "Everyone agrees that", "Nobody can deny that", "I still think that"];
    private static readonly string[] Rejections = ["It is wrong to say that", "Nobody believes that", "I doubt that", "It is simply not true that"];

    public TaskDefinition Task { get; } =
        new("builtin/sentiment", TaskKind.Classification, ["negative", "positive"], Pairs: false, ["accuracy"], null);

    public Example Draw(Random random, Lexicon lexicon, int label)
    {
        var subject = Pick(random, lexicon.Subjects);
        var fits = Clause(random, lexicon, subject, label);
        var clashes = Clause(random, lexicon, subject, 1 - label);
        var aside = Clause(random, lexicon, Other(random, lexicon.Subjects, subject), 1 - label);
        var text = random.Next(10) switch
        {
            0 or 1 => $"{fits}.",
            2 => $"{Pick(random, Approvals)} {fits}.",
            3 or 4 => $"{Pick(random, Rejections)} {clashes}.",
            5 => $"Although {aside}, {fits}.",
            6 => $"{fits}, although {aside}.",
            7 => $"They said that {clashes}, but they were wrong.",
            8 => $"They said that {fits}, and they were right.",
            _ => $"{aside}, but all in all {fits}.",
        };
        return new(char.ToUpperInvariant(text[0]) + text[1..], null, label);
    }

    private static string Clause(Random random, Lexicon lexicon, string subject, int label) => random.NextDouble() < DeniedShare
        ? $"the {subject} {Pick(random, Denials)} {Word(random, lexicon, 1 - label)}"
        : $"the {subject} was {(random.Next(2) == 0 ? Pick(random, Degrees) + " " : "")}{Word(random, lexicon, label)}";

    private static string Word(Random random, Lexicon lexicon, int label) => Pick(random, label == 1 ? lexicon.Praise : lexicon.Blame);
}
