namespace Spindle.Data.Text.Unigram;

/// <summary>Finds the pieces that a text begins with. The children of a node lie side by side, sorted by their character.</summary>
internal sealed class PieceTrie
{
    private readonly char[] labels;
    private readonly int[] firstChildren;
    private readonly int[] pieces;
    private readonly int[] roots = new int[0x10000];

    /// <param name="tokens">The pieces and their ids; an empty piece is never found.</param>
    public PieceTrie(IReadOnlyDictionary<string, int> tokens)
    {
        var sorted = tokens.Where(entry => entry.Key.Length > 0).ToArray();
        Array.Sort(sorted, (a, b) => string.CompareOrdinal(a.Key, b.Key));
        // no more nodes than characters, and the root
        var most = 1 + sorted.Sum(entry => entry.Key.Length);
        (labels, firstChildren, pieces) = (new char[most], new int[most + 1], new int[most]);
        pieces[0] = -1;
        var count = 1;
        // breadth first: the children of a node are listed in one go
        var open = new Queue<(int Node, int From, int To, int Depth)>();
        open.Enqueue((0, 0, sorted.Length, 0));
        while (open.TryDequeue(out var range))
        {
            firstChildren[range.Node] = count;
            for (var from = range.From; from < range.To;)
            {
                var label = sorted[from].Key[range.Depth];
                var to = from + 1;
                while (to < range.To && sorted[to].Key[range.Depth] == label) to++;
                var ends = sorted[from].Key.Length == range.Depth + 1;
                if (range.Node == 0) roots[label] = count;
                open.Enqueue((count, ends ? from + 1 : from, to, range.Depth + 1));
                labels[count] = label;
                pieces[count] = ends ? sorted[from].Value : -1;
                count++;
                from = to;
            }
        }
        firstChildren[count] = count;
    }

    /// <summary>The node of a character at a text's beginning, or 0.</summary>
    public int Root(char label) => roots[label];

    /// <summary>The node that follows another by a character, or 0.</summary>
    public int Child(int node, char label)
    {
        var (low, high) = (firstChildren[node], firstChildren[node + 1]);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (labels[middle] < label) low = middle + 1;
            else high = middle;
        }
        return low < firstChildren[node + 1] && labels[low] == label ? low : 0;
    }

    /// <summary>The id of the piece that ends at a node, or −1.</summary>
    public int Piece(int node) => pieces[node];
}
