using System.Numerics;
using static TorchSharp.torch;

namespace Spindle.Models.Kernels;

/// <summary>The real tokens of a padded batch, one row after the other, without padding. A few filler tokens, which no row reads, follow them: oneDNN compiles each product for its number of tokens, and
/// with filler there are few different numbers.</summary>
internal sealed class PackedRows
{
    private const float Never = -1e9f;

    private readonly long[] places;

    private PackedRows(long[] places, int[] starts, int length)
    {
        (this.places, Starts, AllStarts, Length) = (places, starts, places.Length == starts[^1] ? starts : [.. starts, places.Length], length);
        // every layer asks for it
        Longest = AllStarts.Zip(AllStarts.Skip(1), (start, end) => end - start).Max();
    }

    /// <summary>The first token of each row, and the number of real tokens last.</summary>
    public IReadOnlyList<int> Starts { get; }

    /// <summary>The same for all tokens: the filler is one more row.</summary>
    public IReadOnlyList<int> AllStarts { get; }

    /// <summary>The number of places of a row with its padding.</summary>
    public int Length { get; }

    /// <summary>The number of tokens of the longest row, the filler included.</summary>
    public int Longest { get; }

    /// <summary>The tokens of a batch; null where nothing is padded, or a row is empty.</summary>
    /// <param name="mask">1 for a token, 0 for padding, <c>[batch, tokens]</c>, on the CPU.</param>
    /// <param name="fills">Whether filler follows; not where lanes divide the tokens evenly.</param>
    public static PackedRows? Of(Tensor mask, bool fills)
    {
        var (rows, length) = ((int)mask.shape[0], (int)mask.shape[1]);
        using var numbers = mask.to(ScalarType.Int64).contiguous();
        var values = numbers.data<long>().ToArray();
        var places = new List<long>(values.Length);
        var starts = new int[rows + 1];
        for (var row = 0; row < rows; row++)
        {
            for (var place = row * (long)length; place < (row + 1) * (long)length; place++)
                if (values[place] != 0) places.Add(place);
            starts[row + 1] = places.Count;
            if (starts[row + 1] == starts[row]) return null;
        }
        if (places.Count == values.Length) return null;
        if (fills) places.AddRange(Enumerable.Repeat(places[0], Rounded(places.Count) - places.Count));
        return new([.. places], starts, length);
    }

    // to a sixteenth of the power of two below, so that filler is at most 6% of the tokens
    private static int Rounded(int tokens)
    {
        var step = Math.Max(8, (1 << BitOperations.Log2((uint)tokens)) / 16);
        return (tokens + step - 1) / step * step;
    }

    /// <summary>The states of the tokens, <c>[1, tokens, hidden]</c>, the filler's being those of the first token.</summary>
    /// <param name="states"><c>[batch, places, hidden]</c>.</param>
    public Tensor Pack(Tensor states) => states.reshape(-1, states.shape[2]).index_select(0, tensor(places)).unsqueeze(0);

    /// <summary>Whether every row begins with a token, not with padding.</summary>
    public bool BeginWithTokens => Enumerable.Range(0, Starts.Count - 1).All(row => places[Starts[row]] == row * (long)Length);

    /// <summary>The states of the first token of each row, <c>[batch, 1, hidden]</c>.</summary>
    /// <param name="states"><c>[1, tokens, hidden]</c>.</param>
    public Tensor First(Tensor states) => states.squeeze(0).index_select(0, tensor(Starts.SkipLast(1).Select(start => (long)start).ToArray())).unsqueeze(1);

    /// <summary>What is added to attention scores so that padding is ignored: 0 for tokens, a very low number for padding, float32, <c>[batch, 1, 1, places]</c>.</summary>
    public Tensor PaddingBias()
    {
        var values = new float[(Starts.Count - 1) * Length];
        Array.Fill(values, Never);
        foreach (var place in places) values[place] = 0; // filler repeats a real place
        return tensor(values).view(Starts.Count - 1, 1, 1, Length);
    }

    /// <summary>The states at every place, <c>[batch, places, hidden]</c>; zeros at those of padding.</summary>
    /// <param name="states"><c>[1, tokens, hidden]</c>.</param>
    public Tensor Unpack(Tensor states)
    {
        var rows = Starts.Count - 1;
        var sources = new long[rows * Length];
        Array.Fill(sources, places.Length);
        foreach (var (token, place) in places.Take(Starts[^1]).Index()) sources[place] = token;
        var flat = cat([states.squeeze(0), zeros([1, states.shape[2]], states.dtype)], 0);
        return flat.index_select(0, tensor(sources)).view(rows, Length, -1);
    }
}
