using Spindle.Designs.Budgets;
using Spindle.Models.Checkpoints;
using Spindle.Training.Settings;

namespace Spindle.Tuning;

/// <summary>A file of labelled rows, and what tuning a model on it may cost.</summary>
/// <param name="File">A CSV, TSV, JSON lines or Parquet file.</param>
public sealed record TuneOptions(string File)
{
    /// <summary>The column with the label or value, or null to infer it.</summary>
    public string? Target { get; init; }

    /// <summary>The column with the text, or the two columns of a pair; empty to infer them.</summary>
    public IReadOnlyList<string> Texts { get; init; } = [];

    /// <summary>A file with rows to report scores on, or null to hold some rows of <see cref="File"/> back.</summary>
    public string? Validation { get; init; }

    /// <summary>The time for training.</summary>
    public TimeSpan Time { get; init; } = TimeSpan.FromMinutes(20);

    /// <summary>An embedded backbone's name, a downloaded repository's name, or a folder in the Hub's layout.</summary>
    public string Backbone { get; init; } = BackboneFolder.Default;

    /// <summary>The head on the backbone, or null for the checkpoint's default; <see cref="HeadKind.Joint"/> for a model that HF peft and transformers can load.</summary>
    public HeadKind? Head { get; init; }

    /// <summary>The budget of trained parameters.</summary>
    public Budget Budget { get; init; } = Budget.Default;

    /// <summary>The seed of every draw and every trial.</summary>
    public int Seed { get; init; } = 42;
}
