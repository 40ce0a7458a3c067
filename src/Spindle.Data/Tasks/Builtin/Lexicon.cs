namespace Spindle.Data.Tasks.Builtin;

/// <summary>The content words of one split. Those of training and of validation have no word in common, but for the names of kinds.</summary>
internal sealed class Lexicon
{
    private const int EveryNth = 4;

    private Lexicon(bool validation)
    {
        People = Part(Words.People, validation);
        Actions = Part(Words.Actions, validation);
        Places = Part(Words.Places, validation);
        Things = Words.Things.ToDictionary(kind => kind.Kind, kind => Part(kind.Concepts, validation), StringComparer.Ordinal);
        Praise = Part(Words.Praise, validation);
        Blame = Part(Words.Blame, validation);
        Subjects = Part(Words.Subjects, validation);
        Nouns = Part(Words.Nouns, validation);
        Verbs = Part(Words.Verbs, validation);
        Adjectives = Part(Words.Adjectives, validation);
    }

    /// <summary>The words of training rows.</summary>
    public static Lexicon Train { get; } = new(validation: false);

    /// <summary>The words of validation rows.</summary>
    public static Lexicon Validation { get; } = new(validation: true);

    /// <summary>Those who act, each with words of the same meaning.</summary>
    public IReadOnlyList<Concept> People { get; }

    /// <summary>What is done to things of some kinds.</summary>
    public IReadOnlyList<ActionConcept> Actions { get; }

    /// <summary>Where something happens.</summary>
    public IReadOnlyList<Concept> Places { get; }

    /// <summary>Things by kind.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<Concept>> Things { get; }

    /// <summary>Words that praise.</summary>
    public IReadOnlyList<string> Praise { get; }

    /// <summary>Words that blame.</summary>
    public IReadOnlyList<string> Blame { get; }

    /// <summary>What is praised or blamed.</summary>
    public IReadOnlyList<string> Subjects { get; }

    /// <summary>Nouns with a regular plural.</summary>
    public IReadOnlyList<string> Nouns { get; }

    /// <summary>Verbs with their forms.</summary>
    public IReadOnlyList<VerbForms> Verbs { get; }

    /// <summary>Adjectives that say nothing of worth.</summary>
    public IReadOnlyList<string> Adjectives { get; }

    /// <summary>One of many.</summary>
    public static T Pick<T>(Random random, IReadOnlyList<T> from) => from[random.Next(from.Count)];

    /// <summary>One of many, but not that one.</summary>
    public static T Other<T>(Random random, IReadOnlyList<T> from, T than)
    {
        while (true)
            if (Pick(random, from) is var picked && !Equals(picked, than)) return picked;
    }

    /// <summary>A word with its indefinite article.</summary>
    public static string A(string word) => ("aeiou".Contains(word[0], StringComparison.Ordinal) ? "an " : "a ") + word;

    private static IReadOnlyList<T> Part<T>(IReadOnlyList<T> all, bool validation) =>
        [.. all.Where((_, index) => (index % EveryNth == EveryNth - 1) == validation)];
}

/// <summary>A meaning with the words for it.</summary>
/// <param name="Words">Words of like meaning, at least one.</param>
internal sealed record Concept(params IReadOnlyList<string> Words);

/// <summary>Something done to things.</summary>
/// <param name="Words">The progressive form, and others of like meaning.</param>
/// <param name="Opposite">The progressive form of something that excludes it.</param>
/// <param name="Kinds">The kinds of things it is done to.</param>
internal sealed record ActionConcept(IReadOnlyList<string> Words, string Opposite, IReadOnlyList<string> Kinds);

/// <summary>The forms of a verb: walk, walks, walked, walked, walking.</summary>
internal sealed record VerbForms(string Base, string Third, string Past, string Participle, string Progressive);
