namespace Spindle.Models.Generation;

/// <summary>Greedy and sampled decoding: adds one token to every row until it ends; finished rows are no longer computed.</summary>
internal static class StepwiseGeneration
{
    public static IReadOnlyList<int[]> Run(INextTokenModel model, int sources, GenerationOptions options, ITokenSelector selector, CancellationToken stop)
    {
        var rules = new TokenRules(options);
        var sequences = Enumerable.Range(0, sources).Select(_ => new List<int> { options.StartId }).ToArray();
        int[] running = [.. Enumerable.Range(0, sources)]; // the source of every row
        int[] parents = running;
        while (running.Length > 0)
        {
            stop.ThrowIfCancellationRequested();
            var logProbabilities = model.Read(parents, [.. running.Select(source => sequences[source][^1])]);
            for (var row = 0; row < running.Length; row++)
            {
                var sequence = sequences[running[row]];
                var next = logProbabilities.AsSpan(row * model.VocabularySize, model.VocabularySize);
                rules.Apply(sequence, next);
                sequence.Add(selector.Select(next));
            }
            parents = [.. Enumerable.Range(0, running.Length).Where(row => !Ended(sequences[running[row]]))];
            running = [.. parents.Select(row => running[row])];
        }
        return [.. sequences.Select(sequence => sequence.ToArray())];

        bool Ended(List<int> sequence) => sequence[^1] == options.EndId || sequence.Count >= options.MaximumLength;
    }
}
