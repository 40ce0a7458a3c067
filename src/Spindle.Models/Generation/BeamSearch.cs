namespace Spindle.Models.Generation;

/// <summary>The beams of one source: which go on, and which have ended. The protocol is that of <c>generate</c> in transformers (5.x): twice as
/// many continuations as beams are looked at, only the first half of them may end, and finished ones compete by log-probability over length
/// to the power of the length penalty.</summary>
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

    /// <summary>Whether nothing better can be found.</summary>
    public bool Ended { get; private set; }

    /// <summary>The beams to be read next; each names the beam of the step before that it goes on from.</summary>
    public IReadOnlyList<Beam> Running => running;

    /// <summary>The best sequence.</summary>
    public int[] Best => finished.Count > 0 ? finished[0].Tokens : [.. running[0].Tokens];

    /// <summary>Goes a token further.</summary>
    /// <param name="logProbabilities">What follows each running beam, <c>[beam, vocabulary]</c> flattened.</param>
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

    // the best continuations of all beams, best first, the first of equals before
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

    /// <summary>A sequence that goes on.</summary>
    /// <param name="Tokens">Its tokens so far.</param>
    /// <param name="Score">Their log-probability.</param>
    /// <param name="Parent">The beam of the step before that it goes on from.</param>
    internal sealed record Beam(List<int> Tokens, float Score, int Parent);

    private sealed record Finished(int[] Tokens, float Score);
}
