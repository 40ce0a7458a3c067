namespace Spindle.Training.Settings;

/// <summary>A learning rate for each strategy that was measured to suit it: <c>docs/reference/strategies.md</c>, from <c>benchmarks/results/rates.jsonl</c>.</summary>
public static class MeasuredRates
{
    /// <summary>The word for them in study files and options.</summary>
    public const string Word = "measured";

    /// <summary>The rates by the strategy's name.</summary>
    public static NumbersByName All { get; } = new(new Dictionary<string, double>
    {
        ["adapter"] = 1e-3,
        ["bitfit"] = 1e-3,
        ["compacter"] = 2e-3,
        ["dora"] = 1e-3,
        ["ia3"] = 8e-3,
        ["layer-norm"] = 2e-3,
        ["lora"] = 1e-3,
        ["mam"] = 5e-4,
        ["prefix"] = 1.6e-2,
        ["prompt"] = 8e-3,
        ["scale-shift"] = 2e-3,
        ["unipelt"] = 2e-3,
        ["vera"] = 3.2e-2,
    });
}
