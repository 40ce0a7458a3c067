namespace Spindle.Models.Generation;

/// <summary>The beams of one source, running and finished, following <c>generate</c> of HF transformers 5. Each step considers twice as many
/// continuations as beams. Only those in the better half may finish. Finished sequences are ranked by log-probability divided by length to the
/// power of the length penalty.</summary>
internal sealed class BeamSearch
{
    private readonly GenerationOptions options;
    private readonly TokenRules rules;
    private readonly List<Finished> finished = [];
    private List<Beam> running;

    public BeamSearch(GenerationOptions options)
    {
        this.options = options;
        rules = new(options);
        running = [new([options.StartId], 0, Parent: 0)];
    }

    /// <summary>Whether the search has ended.</summary>
    public bool Ended { get; private set; }

    /// <summary>The running beams; each names the beam of the previous step that it continues.</summary>
    public IReadOnlyList<Beam> Running => running;

    /// <summary>The best sequence.</summary>
    public int[] Best => finished.Count > 0 ? finished[0].Tokens : [.. running[0].Tokens];

    /// <summary>Adds one token to every beam.</summary>
    /// <param name="logProbabilities">The log-probabilities of the next token of each running beam, <c>[beam, vocabulary]</c> flattened.</param>
    public void Step(Span<float> logProbabilities)
    {
        var candidates = Candidates(logProbabilities);
        var length = running[0].Tokens.Count; // generated tokens, the candidate's among them
        var next = new List<Beam>(options.Beams);
        for (var rank = 0; rank < candidates.Count; rank++)
        {
            var (beam, token, score) = candidates[rank];
            if (token == options.EndId || length + 1 >= options.MaximumLength)
            {
                if (rank < options.Beams) Finish([.. running[beam].Tokens, token], score / (float)Math.Pow(length, options.LengthPenalty));
            }
            else if (next.Count < options.Beams)
            {
                next.Add(new([.. running[beam].Tokens, token], score, beam));
            }
        }
        if (next.Count == 0)
        {
            Ended = true;
            return;
        }
        running = next;
        Ended = finished.Count >= options.Beams && !CanImprove();
    }

    private void Finish(int[] tokens, float score)
    {
        if (options.EarlyStopping == EarlyStopping.WhenFull && finished.Count >= options.Beams) return;
        var at = finished.FindIndex(other => score > other.Score);
        finished.Insert(at < 0 ? finished.Count : at, new(tokens, score));
        if (finished.Count > options.Beams) finished.RemoveAt(options.Beams);
    }

    private bool CanImprove()
    {
        if (options.EarlyStopping == EarlyStopping.WhenFull) return false;
        var length = options.EarlyStopping == EarlyStopping.Never && options.LengthPenalty > 0
            ? options.MaximumLength - 1
            : running[0].Tokens.Count - 1;
        return running[0].Score / (float)Math.Pow(length, options.LengthPenalty) > finished[^1].Score;
    }

    // the best continuations of all beams, best first; ties keep their order
    private List<(int Beam, int Token, float Score)> Candidates(Span<float> logProbabilities)
    {
        var vocabulary = logProbabilities.Length / running.Count;
        var wanted = Math.Min(2 * options.Beams, logProbabilities.Length);
        var best = new PriorityQueue<(int Beam, int Token, float Score), (float Score, int Order)>(wanted + 1);
        for (var beam = 0; beam < running.Count; beam++)
        {
            var next = logProbabilities.Slice(beam * vocabulary, vocabulary);
            rules.Apply(running[beam].Tokens, next);
            for (var token = 0; token < vocabulary; token++)
            {
                if (next[token] == float.NegativeInfinity) continue;
                var score = running[beam].Score + next[token];
                if (best.Count == wanted && best.TryPeek(out _, out var worst) && score <= worst.Score) continue;
                best.Enqueue((beam, token, score), (score, -(beam * vocabulary + token)));
                if (best.Count > wanted) best.Dequeue();
            }
        }
        var candidates = new List<(int Beam, int Token, float Score)>(best.Count);
        while (best.TryDequeue(out var candidate, out _)) candidates.Add(candidate);
        candidates.Reverse();
        return candidates;
    }

    /// <summary>A running sequence.</summary>
    /// <param name="Tokens">Its tokens so far.</param>
    /// <param name="Score">Their log-probability.</param>
    /// <param name="Parent">The beam of the previous step that it continues.</param>
    internal sealed record Beam(List<int> Tokens, float Score, int Parent);

    private sealed record Finished(int[] Tokens, float Score);
}
