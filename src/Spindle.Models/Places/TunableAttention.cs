using Spindle.Designs.Shapes;
using Spindle.Models.Kernels;
using Spindle.Models.Numerics;
using TorchSharp;
using static TorchSharp.torch;

namespace Spindle.Models.Places;

/// <summary>The place of one attention: its four linear maps, and the keys and values that strategies put before its own.</summary>
/// <param name="cross">Whether it attends over the encoder's output.</param>
/// <param name="heads">The number of heads.</param>
/// <param name="query">The query.</param>
/// <param name="key">The key.</param>
/// <param name="value">The value.</param>
/// <param name="output">The output.</param>
/// <param name="scaled">Whether scores are divided by the square root of the head size; T5 does not.</param>
public sealed class TunableAttention(
    bool cross, int heads, TunableLinear query, TunableLinear key, TunableLinear value, TunableLinear output, bool scaled = true)
{
    // up to here libtorch's fused kernel takes twice as long for its backward pass on a CPU, see benchmarks/README.md
    private const int LongestWrittenOut = 256;

    // of a self-attention, whose query, key and value read the same states
    private readonly Tensor? jointWeight = cross ? null : WeightSlot.Join([query.Weight, key.Weight, value.Weight]);
    private readonly Tensor? jointBias = cross ? null : WeightSlot.Join([query.Bias, key.Bias, value.Bias]);

    private TunableLinear[] Maps { get; } = [query, key, value];

    /// <summary>Whether it attends over the encoder's output.</summary>
    public bool Cross => cross;

    /// <summary>The number of heads.</summary>
    public int Heads => heads;

    /// <summary>The query.</summary>
    public TunableLinear Query => query;

    /// <summary>The key.</summary>
    public TunableLinear Key => key;

    /// <summary>The value.</summary>
    public TunableLinear Value => value;

    /// <summary>The output.</summary>
    public TunableLinear Output => output;

    /// <summary>Keys and values put before the attention's own, the first attached first.</summary>
    public Attachment.Additions<IKeyValuePrefix> Prefixes { get; } = new();

    /// <summary>The prefixes of each lane, once or not at all.</summary>
    internal Attachment.Additions<IReadOnlyList<IReadOnlyList<IKeyValuePrefix>>> Lanes { get; } = new();

    /// <summary>Whether anything is put before the keys and values.</summary>
    internal bool HasPrefixes => Prefixes.Count + Lanes.Count > 0;

    /// <summary>Whether what is put before the keys and values is the same for every row.</summary>
    internal bool HasEqualPrefixes => Lanes.Count == 0 && Prefixes.All(prefix => !prefix.ReadsStates);

    /// <summary>The number of positions that prefixes take before the tokens.</summary>
    public int PositionsTaken => Prefixes.Sum(prefix => prefix.Positions);

    /// <summary>By how many positions prefixes shift the tokens' keys but not their queries.</summary>
    public int KeyShift => Prefixes.Sum(prefix => prefix.KeyShift);

    /// <summary>The shape of the attention.</summary>
    public AttentionShape Shape => new(cross, key.Shape.OutputSize);

    /// <summary>Scaled dot-product attention (Vaswani et al. 2017).</summary>
    /// <param name="hidden">The states that ask the queries, <c>[batch, sequence, hidden]</c>.</param>
    /// <param name="memory">The states that are attended to, <c>[batch, memory, hidden]</c>; <paramref name="hidden"/> itself in a self-attention.</param>
    /// <param name="bias">Added to the scores of the memory, broadcast to <c>[batch, heads, sequence, memory]</c>, or with further columns for the last positions of a prefix;
    /// null where nothing is masked.</param>
    /// <param name="dropout">The dropout probability of the attention's weights, 0 in evaluation.</param>
    /// <returns><c>[batch, sequence, hidden]</c>.</returns>
    public Tensor Forward(Tensor hidden, Tensor memory, Tensor? bias, double dropout) => Forward(hidden, memory, bias, dropout, null);

    /// <summary>Self-attention of rows without padding.</summary>
    /// <param name="hidden">The states of all rows, one after the other, <c>[1, tokens, hidden]</c>.</param>
    /// <param name="dropout">The dropout probability of the attention's weights, 0 in evaluation.</param>
    /// <param name="packed">The rows.</param>
    internal Tensor Forward(Tensor hidden, double dropout, PackedRows packed) => Forward(hidden, hidden, null, dropout, packed);

    private Tensor Forward(Tensor hidden, Tensor memory, Tensor? bias, double dropout, PackedRows? packed)
    {
        if (jointWeight is null || !ReferenceEquals(hidden, memory) || Maps.Any(map => map.Inputs.Count > 0))
            return Attend(hidden, Split(query.Forward(hidden)), Read(memory), bias, dropout, packed);
        var typed = hidden.dtype == jointWeight.dtype ? hidden : hidden.to(jointWeight.dtype);
        var own = SharedProduct.Linear(typed, CurrentWeight, CurrentBias, [query.Shape.OutputSize, key.Shape.OutputSize, value.Shape.OutputSize]);
        return Attend(hidden, Split(query.Finish(typed, own[0])), new(Split(key.Finish(typed, own[1])), Split(value.Finish(typed, own[2]))), bias, dropout, packed);
    }

    /// <summary>Self-attention of the first position of each row to the whole row.</summary>
    /// <param name="first">The states of the first positions, <c>[batch, 1, hidden]</c>.</param>
    /// <param name="hidden">The states of all rows, one after the other, <c>[1, tokens, hidden]</c>.</param>
    /// <param name="dropout">The dropout probability of the attention's weights, 0 in evaluation.</param>
    /// <param name="packed">The rows.</param>
    internal Tensor Forward(Tensor first, Tensor hidden, double dropout, PackedRows packed) =>
        Attend(first, new(Split(packed.Unpack(key.Forward(hidden))), Split(packed.Unpack(value.Forward(hidden)))), packed.PaddingBias(), dropout);

    /// <summary>The keys and values of some states, without prefixes.</summary>
    /// <param name="memory">The states that are attended to, <c>[batch, memory, hidden]</c>.</param>
    public KeyValues Read(Tensor memory) => new(Split(key.Forward(memory)), Split(value.Forward(memory)));

    /// <summary>Scaled dot-product attention over keys and values that <see cref="Read"/> gave.</summary>
    /// <param name="hidden">The states that ask the queries, <c>[batch, sequence, hidden]</c>.</param>
    /// <param name="memory">The keys and values.</param>
    /// <param name="bias">Added to the scores of the memory, broadcast to <c>[batch, heads, sequence, memory]</c>, or with further columns for the last positions of a prefix;
    /// null where nothing is masked.</param>
    /// <param name="dropout">The dropout probability of the attention's weights, 0 in evaluation.</param>
    /// <returns><c>[batch, sequence, hidden]</c>.</returns>
    public Tensor Attend(Tensor hidden, KeyValues memory, Tensor? bias, double dropout) => Attend(hidden, Split(query.Forward(hidden)), memory, bias, dropout, null);

    private Tensor Attend(Tensor hidden, Tensor queries, KeyValues memory, Tensor? bias, double dropout, PackedRows? packed)
    {
        if (Lanes.Count == 0) return output.Forward(Mix(hidden, queries, memory, Prefixes, bias, dropout, packed));
        // their lengths differ
        var lanes = Lanes[0];
        IReadOnlyList<Tensor> Split(Tensor states) => LaneRows.Split(states, lanes.Count);
        var (asking, asked, keys, values, biases) = (Split(hidden), Split(queries), Split(memory.Keys), Split(memory.Values), bias?.shape[0] > 1 ? Split(bias) : null);
        return output.Forward(LaneRows.Join([.. lanes.Select((prefixes, lane) => Mix(asking[lane], asked[lane], new(keys[lane], values[lane]), prefixes, biases?[lane] ?? bias, dropout, null))], hidden));
    }

    // [batch, length, heads · head size]
    private Tensor Mix(Tensor hidden, Tensor queries, KeyValues memory, IReadOnlyList<IKeyValuePrefix> before, Tensor? bias, double dropout, PackedRows? packed)
    {
        var (batch, length) = (hidden.shape[0], hidden.shape[1]);
        var (keys, values) = memory;
        var root = Math.Sqrt(queries.shape[3]);
        // prefixes that take positions come last, next to the tokens
        KeyValues[] prefixes = [.. before.OrderBy(prefix => prefix.Positions + prefix.KeyShift).Select(prefix => prefix.KeysAndValues(hidden, keys.dtype))];
        if (packed is not null)
            return FusedAttention.Forward(queries, keys, values, prefixes.Length == 0 ? null : (Joined([.. prefixes.Select(prefix => prefix.Keys)]), Joined([.. prefixes.Select(prefix => prefix.Values)])), packed, scaled ? 1 / root : 1, dropout);
        if (prefixes.Length > 0)
        {
            keys = Joined([.. prefixes.Select(prefix => prefix.Keys), keys]);
            values = Joined([.. prefixes.Select(prefix => prefix.Values), values]);
            if (bias is not null) bias = nn.functional.pad(bias, [keys.shape[2] - bias.shape[3], 0]);
        }
        if (FusedAttention.IsFit(queries, keys, values, bias)) return FusedAttention.Forward(queries, keys, values, bias, scaled ? 1 / root : 1, dropout);
        if (bias is not null && bias.dtype != queries.dtype) bias = bias.to(queries.dtype);
        var mixed = queries.device_type != DeviceType.CUDA && keys.shape[2] <= LongestWrittenOut
            ? WrittenOut(scaled ? queries.Times(1 / root) : queries, keys, values, bias, dropout)
            : nn.functional.scaled_dot_product_attention(scaled ? queries : queries.Times(root), keys, values, bias, dropout);
        return mixed.transpose(1, 2).reshape(batch, length, -1);
    }

    // each [batch, heads, length, head size]
    private static Tensor Joined(Tensor[] parts) => parts is [var only] ? only : cat(parts, 2);

    private Tensor CurrentWeight => Maps.Any(map => map.Weight.IsTrained) ? cat([.. Maps.Select(map => map.Weight.Current)], 0) : jointWeight!;

    // of query, key and value, in the type of the weights; null where none has one
    private Tensor? CurrentBias
    {
        get
        {
            if (Maps.All(map => map.AddedBiases.Count == 0 && map.Bias is not { IsTrained: true }) && (jointBias is not null || Maps.All(map => map.Bias is null))) return jointBias;
            return cat([.. Maps.Select(map => map.CurrentBias is { } bias ? bias.to(jointWeight!.dtype) : zeros(map.Shape.OutputSize, jointWeight!.dtype, jointWeight.device))], 0);
        }
    }

    // each [batch, heads, length, head size]
    private static Tensor WrittenOut(Tensor queries, Tensor keys, Tensor values, Tensor? bias, double dropout)
    {
        var scores = queries.matmul(keys.transpose(-2, -1));
        if (bias is not null) scores = scores.Plus(bias);
        var shares = scores.softmax(-1);
        return (dropout > 0 ? nn.functional.dropout(shares, dropout, true) : shares).matmul(values);
    }

    // [batch, length, heads · head size] → [batch, heads, length, head size]
    private Tensor Split(Tensor states) => states.view(states.shape[0], states.shape[1], heads, -1).transpose(1, 2);
}

/// <summary>Keys and values that a strategy puts before an attention's own.</summary>
public interface IKeyValuePrefix
{
    /// <summary>The number of positions that the keys take before the tokens: their length, or 0.</summary>
    int Positions => 0;

    /// <summary>By how many positions they shift the tokens' keys but not their queries: their length, or 0.</summary>
    int KeyShift => 0;

    /// <summary>Whether the keys and values depend on the states that ask the queries, and not only on their number of rows.</summary>
    bool ReadsStates => true;

    /// <summary>The keys and the values, each <c>[batch, heads, length, head size]</c>.</summary>
    /// <param name="hidden">The states that ask the queries, <c>[batch, sequence, hidden]</c>.</param>
    /// <param name="type">The type of the attention's keys.</param>
    KeyValues KeysAndValues(Tensor hidden, ScalarType type);
}
