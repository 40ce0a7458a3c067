namespace Spindle.Tests.Baselines;

/// <summary>Logistic regression on word counts, by gradient descent with L2: what a task gives away without its word order.</summary>
internal static class WordCountRegression
{
    private const int Steps = 400;
    private const double Rate = 0.5;
    private const double Decay = 1e-4;

    /// <summary>The predicted class, 0 or 1, of each validation row.</summary>
    public static double[] Predict(IReadOnlyList<(string Text, double Label)> train, IReadOnlyList<string> validation)
    {
        var words = train.SelectMany(row => Words(row.Text)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Index()
            .ToDictionary(word => word.Item, word => word.Index, StringComparer.Ordinal);
        var rows = train.Select(row => Counts(row.Text, words)).ToArray();
        var (weights, bias) = (new double[words.Count], 0.0);
        for (var step = 0; step < Steps; step++)
        {
            var gradient = new double[words.Count];
            var biasGradient = 0.0;
            for (var row = 0; row < rows.Length; row++)
            {
                var error = Probability(rows[row], weights, bias) - train[row].Label;
                foreach (var (word, count) in rows[row]) gradient[word] += error * count;
                biasGradient += error;
            }
            for (var word = 0; word < weights.Length; word++) weights[word] -= Rate * (gradient[word] / rows.Length + Decay * weights[word]);
            bias -= Rate * biasGradient / rows.Length;
        }
        return [.. validation.Select(text => Probability(Counts(text, words), weights, bias) > 0.5 ? 1.0 : 0.0)];
    }

    private static double Probability(Dictionary<int, int> counts, double[] weights, double bias) =>
        1 / (1 + Math.Exp(-bias - counts.Sum(count => weights[count.Key] * count.Value)));

    private static Dictionary<int, int> Counts(string text, Dictionary<string, int> words) =>
        Words(text).Where(words.ContainsKey).CountBy(word => words[word]).ToDictionary();

    private static IEnumerable<string> Words(string text) =>
        text.ToLowerInvariant().Split([' ', '.', ',', '\t'], StringSplitOptions.RemoveEmptyEntries);
}
