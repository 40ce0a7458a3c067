namespace Spindle.Metrics.Texts;

/// <summary>The longest common subsequence of two token sequences.</summary>
internal static class CommonSubsequence
{
    private const int Bits = 64;

    /// <summary>The length of the subsequence.</summary>
    public static int Length(IReadOnlyList<string> first, IReadOnlyList<string> second)
    {
        var (above, own) = (new int[second.Count + 1], new int[second.Count + 1]);
        for (var row = 0; row < first.Count; row++)
        {
            Row(first[row], second, above, own, null);
            (above, own) = (own, above);
        }
        return above[^1];
    }

    /// <summary>The positions of a longest common subsequence in the first sequence, from last to first. If there are several, it is the one that <c>rouge_score</c> finds.</summary>
    public static IEnumerable<int> Places(IReadOnlyList<string> first, IReadOnlyList<string> second)
    {
        // one bit per cell: lengths would need too much memory for two long lines
        var leftwards = new ulong[first.Count][];
        var (above, own) = (new int[second.Count + 1], new int[second.Count + 1]);
        for (var row = 0; row < first.Count; row++)
        {
            leftwards[row] = new ulong[(second.Count + Bits - 1) / Bits];
            Row(first[row], second, above, own, leftwards[row]);
            (above, own) = (own, above);
        }
        var (last, column) = (first.Count - 1, second.Count - 1);
        while (last >= 0 && column >= 0)
        {
            if (first[last] == second[column])
            {
                yield return last;
                last--;
                column--;
            }
            else if ((leftwards[last][column / Bits] >> (column % Bits) & 1) != 0) column--;
            else last--;
        }
    }

    // the lengths up to each column of a row, and whether the longer one is to the left instead of above
    private static void Row(string token, IReadOnlyList<string> second, int[] above, int[] own, ulong[]? leftwards)
    {
        for (var column = 0; column < second.Count; column++)
        {
            if (token == second[column]) own[column + 1] = above[column] + 1;
            else if (own[column] > above[column + 1])
            {
                own[column + 1] = own[column];
                if (leftwards is not null) leftwards[column / Bits] |= 1UL << (column % Bits);
            }
            else own[column + 1] = above[column + 1];
        }
    }
}
