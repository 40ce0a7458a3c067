namespace Spindle.Metrics.Texts;

/// <summary>The longest common subsequence of two runs of tokens.</summary>
internal static class CommonSubsequence
{
    private const int Bits = 64;

    /// <summary>Its length.</summary>
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

    /// <summary>The places in the first that one such subsequence goes through, from the last to the first. Of several it is the one that <c>rouge_score</c> finds from the ends.</summary>
    public static IEnumerable<int> Places(IReadOnlyList<string> first, IReadOnlyList<string> second)
    {
        // one bit a cell: a long line against another would fill the memory with lengths
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

    // lengths up to each column of a row, and where the longer one lies to the left rather than above
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
