using BenchmarkDotNet.Attributes;
using Spindle.Data.Text;

namespace Spindle.Benchmarks.Tokenizers;

/// <summary>How long a tokenizer takes over a megabyte of text; it is meant to take less than a second.</summary>
[MemoryDiagnoser]
public class TokenizerBenchmark
{
    private const int Megabyte = 1_000_000;

    private readonly List<string> texts = [];
    private ITextTokenizer tokenizer = null!;

    /// <summary>The vocabulary.</summary>
    [Params("bert", "roberta", "t5")]
    public string Vocabulary { get; set; } = "";

    /// <summary>What is read.</summary>
    [Params("English", "Romanian")]
    public string Language { get; set; } = "";

    /// <summary>Loads both.</summary>
    [GlobalSetup]
    public void Load()
    {
        tokenizer = TextTokenizers.Load(Path.Combine(Corpus.Shared, "tokenizers", Vocabulary));
        var bytes = 0;
        foreach (var text in Corpus.Read(Corpus.Shared, Language))
        {
            if (bytes >= Megabyte) break;
            bytes += System.Text.Encoding.UTF8.GetByteCount(text);
            texts.Add(text);
        }
    }

    /// <summary>One megabyte.</summary>
    /// <returns>The ids.</returns>
    [Benchmark]
    public long Encode() => texts.Sum(text => (long)tokenizer.Encode(text, null, int.MaxValue).Ids.Length);
}
