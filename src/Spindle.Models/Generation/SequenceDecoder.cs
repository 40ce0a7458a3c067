using Spindle.Models.Backbones;
using static TorchSharp.torch;

namespace Spindle.Models.Generation;

/// <summary>An encoder-decoder as a next-token model: sources are encoded once, and each token costs one position per row.</summary>
public sealed class SequenceDecoder : INextTokenModel, IDisposable
{
    private readonly ISequenceToSequence backbone;
    private readonly DecoderCache cache;
    private int[] sources; // the source of every row
    private float[] logProbabilities = [];

    /// <summary>Encodes the sources.</summary>
    /// <param name="backbone">The backbone; it is switched to evaluation mode.</param>
    /// <param name="source">The sources.</param>
    public SequenceDecoder(ISequenceToSequence backbone, TokenBatch source)
    {
        this.backbone = backbone;
        backbone.Training = false;
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        cache = backbone.CreateCache(backbone.EncodeSource(source)[^1], source.Mask);
        sources = [.. Enumerable.Range(0, (int)source.Ids.shape[0])];
    }

    /// <inheritdoc/>
    public int VocabularySize => backbone.VocabularySize;

    /// <inheritdoc/>
    public float[] Read(ReadOnlySpan<int> parents, ReadOnlySpan<int> tokens)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var own = new int[parents.Length];
        for (var row = 0; row < own.Length; row++) own[row] = sources[parents[row]];
        var stays = own.AsSpan().SequenceEqual(sources);
        if (!stays || !IsInOrder(parents)) cache.SelectRows(parents, stays);
        sources = own;

        var ids = tensor(tokens.ToArray().Select(token => (long)token).ToArray(), [tokens.Length, 1], device: backbone.Device);
        var logits = backbone.LanguageLogits(backbone.DecodeNext(ids, cache));
        var next = logits.squeeze(1).log_softmax(-1).cpu().data<float>();
        // reused: a new array per token, one vocabulary per row, would keep the garbage collector busy
        if (logProbabilities.Length < next.Count) logProbabilities = new float[next.Count];
        next.CopyTo(logProbabilities);
        return logProbabilities;
    }

    /// <inheritdoc/>
    public void Dispose() => cache.Dispose();

    private static bool IsInOrder(ReadOnlySpan<int> parents)
    {
        for (var row = 0; row < parents.Length; row++)
            if (parents[row] != row) return false;
        return true;
    }
}
