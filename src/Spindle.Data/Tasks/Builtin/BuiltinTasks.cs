namespace Spindle.Data.Tasks.Builtin;

/// <summary>Four tasks that need no file: a grammar writes their rows from a fixed seed, 1,500 to train on and 500 to validate, with other content
/// words in the one than in the other. See <c>docs/reference/tasks.md</c>.</summary>
public sealed class BuiltinTasks : ITaskFamily
{
    /// <summary>Training rows of each task.</summary>
    public const int TrainRows = 1500;

    /// <summary>Validation rows of each task.</summary>
    public const int ValidationRows = 500;

    private const int TrainSeed = 20230;
    private const int ValidationSeed = 1821;
    private const int MostDraws = 200;

    private static readonly IGrammar[] Grammars = [new AcceptabilityGrammar(), new SentimentGrammar(), new EntailmentGrammar(), new SimilarityGrammar()];

    /// <inheritdoc/>
    public IReadOnlyList<TaskDefinition> Tasks { get; } = [.. Grammars.Select(grammar => grammar.Task)];

    /// <inheritdoc/>
    public TaskData Load(string name, string? dataFolder)
    {
        var grammar = Grammars.First(grammar => grammar.Task.Name == name);
        var train = Write(grammar, Lexicon.Train, TrainSeed, TrainRows);
        return new(grammar.Task, new("train", train, []), [new("validation", Write(grammar, Lexicon.Validation, ValidationSeed, ValidationRows), [])]);
    }

    private static List<Example> Write(IGrammar grammar, Lexicon lexicon, int seed, int count)
    {
        var random = new Random(seed);
        var rows = new List<Example>(count);
        var seen = new HashSet<(string, string?)>();
        while (rows.Count < count)
        {
            // every label as often as every other
            var label = grammar.Task.Kind == TaskKind.Classification ? rows.Count % grammar.Task.Labels.Count : 0;
            var draws = 0;
            Example row;
            do
            {
                row = grammar.Draw(random, lexicon, label);
                if (++draws > MostDraws) throw new InvalidOperationException($"{grammar.Task.Name} has run out of sentences after {rows.Count}");
            }
            while (!seen.Add((row.First, row.Second)));
            rows.Add(row);
        }
        var written = rows.ToArray();
        random.Shuffle(written);
        return [.. written];
    }
}

/// <summary>Writes rows of one task.</summary>
internal interface IGrammar
{
    /// <summary>The task.</summary>
    TaskDefinition Task { get; }

    /// <summary>A row.</summary>
    /// <param name="random">Where choices come from.</param>
    /// <param name="lexicon">The content words that may be used.</param>
    /// <param name="label">The class that is wanted; a regression draws its value itself.</param>
    Example Draw(Random random, Lexicon lexicon, int label);
}
