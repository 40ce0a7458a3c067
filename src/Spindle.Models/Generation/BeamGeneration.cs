namespace Spindle.Models.Generation;

/// <summary>Beam search for several sources at a time; finished sources are no longer computed.</summary>
internal static class BeamGeneration
{
    public static IReadOnlyList<int[]> Run(INextTokenModel model, int sources, GenerationOptions options, CancellationToken stop)
    {
        var searches = Enumerable.Range(0, sources).Select(_ => new BeamSearch(options)).ToArray();
        int[] running = [.. Enumerable.Range(0, sources)];
        var first = Enumerable.Range(0, sources).ToArray(); // the first row of every source in the previous call
        while (running.Length > 0)
        {
            stop.ThrowIfCancellationRequested();
            var (parents, tokens) = (new List<int>(), new List<int>());
            foreach (var source in running)
            {
                var begin = parents.Count;
                foreach (var beam in searches[source].Running)
                {
                    parents.Add(first[source] + beam.Parent);
                    tokens.Add(beam.Tokens[^1]);
                }
                first[source] = begin;
            }
            var logProbabilities = model.Read(parents.ToArray(), tokens.ToArray());
            foreach (var source in running)
                searches[source].Step(logProbabilities.AsSpan(first[source] * model.VocabularySize, searches[source].Running.Count * model.VocabularySize));
            running = [.. running.Where(source => !searches[source].Ended)];
        }
        return [.. searches.Select(search => search.Best)];
    }
}
