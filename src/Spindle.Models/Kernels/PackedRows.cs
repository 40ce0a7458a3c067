using static TorchSharp.torch;

namespace Spindle.Models.Kernels;

/// <summary>The real tokens of a padded batch, one row after the other, without padding.</summary>
internal sealed class PackedRows
{
    private const float Never = -1e9f;

    private readonly long[] places;

    private PackedRows(long[] places, int[] starts, int length) => (this.places, Starts, Length) = (places, starts, length);

    /// <summary>The first token of each row, and the number of tokens last.</summary>
    public IReadOnlyList<int> Starts { get; }

    /// <summary>The number of places of a row with its padding.</summary>
    public int Length { get; }

    /// <summary>The number of tokens of the longest row.</summary>
    public int Longest => Enumerable.Range(0, Starts.Count - 1).Max(row => Starts[row + 1] - Starts[row]);

    /// <summary>The tokens of a batch; null where nothing is padded, or a row is empty.</summary>
    /// <param name="mask">1 for a token, 0 for padding, <c>[batch, tokens]</c>, on the CPU.</param>
    public static PackedRows? Of(Tensor mask)
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
        return places.Count == values.Length ? null : new([.. places], starts, length);
    }

    /// <summary>The states of the tokens, <c>[1, tokens, hidden]</c>.</summary>
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
        foreach (var place in places) values[place] = 0;
        return tensor(values).view(Starts.Count - 1, 1, 1, Length);
    }

    /// <summary>The states at every place, <c>[batch, places, hidden]</c>; zeros at those of padding.</summary>
    /// <param name="states"><c>[1, tokens, hidden]</c>.</param>
    public Tensor Unpack(Tensor states)
    {
        var rows = Starts.Count - 1;
        var sources = new long[rows * Length];
        Array.Fill(sources, places.Length);
        foreach (var (token, place) in places.Index()) sources[place] = token;
        var flat = cat([states.squeeze(0), zeros([1, states.shape[2]], states.dtype)], 0);
        return flat.index_select(0, tensor(sources)).view(rows, Length, -1);
    }
}
