namespace Spindle.Metrics.LinearModels;

/// <summary>The normal equations of a linear model, solved by the sweep operator (Goodnight 1979). A column that is a sum of earlier ones is left out and remembered: the generalized inverse that results answers exactly
/// whether a contrast can be estimated, which a small ridge would hide. Control columns are eliminated first; blocks cost little, because zeros are skipped.</summary>
internal sealed class SweptSystem
{
    // the share of a column's square that must be left for it to be no sum of others
    private const double Smallest = 1e-8;
    private const double Rounding = 1e-6;

    private readonly int explained;
    private readonly double[][] swept;
    private readonly bool[] isSwept;

    /// <param name="products">The cross-products of controls, explained columns, values and added columns, in this order: each row from its diagonal on. They are overwritten.</param>
    /// <param name="columns">The columns.</param>
    public SweptSystem(double[][] products, ModelColumns columns)
    {
        (explained, isSwept) = (columns.Explained, new bool[columns.Explained]);
        double[] squares = [.. products.Select(row => row[0])];
        for (var column = 0; column < columns.Controls; column++)
            if (Eliminate(products, column, Smallest * squares[column])) Rank++;
        swept = Symmetric(products, columns.Controls);
        Total = swept[explained][explained];
        for (var column = 0; column < explained; column++)
        {
            if (swept[column][column] <= Smallest * squares[columns.Controls + column]) continue;
            LogDeterminant += Math.Log(swept[column][column]);
            Sweep(column);
            isSwept[column] = true;
            Rank++;
        }
    }

    /// <summary>The number of columns that are not sums of earlier ones.</summary>
    public int Rank { get; private set; }

    /// <summary>The logarithm of the determinant of their cross-products.</summary>
    public double LogDeterminant { get; private set; }

    /// <summary>The sum of squares that the controls leave.</summary>
    public double Total { get; }

    /// <summary>The sum of squares that the model leaves.</summary>
    public double Residual => swept[explained][explained];

    /// <summary>Whether a sum of coefficients has one value, whatever the model makes of columns that are sums of others.</summary>
    public bool IsEstimable(IReadOnlyList<Term> contrast)
    {
        for (var column = 0; column < explained; column++)
        {
            if (isSwept[column]) continue;
            var rest = 0.0;
            foreach (var term in contrast) rest += term.Value * (term.Column == column ? 1 : isSwept[term.Column] ? -swept[term.Column][column] : 0);
            if (Math.Abs(rest) > Rounding) return false;
        }

        return true;
    }

    /// <summary>The estimate of a sum of coefficients, and its variance in units of the residual variance.</summary>
    public (double Value, double Variance) Estimate(IReadOnlyList<Term> contrast)
    {
        var (value, variance) = (0.0, 0.0);
        foreach (var term in contrast.Where(term => isSwept[term.Column]))
        {
            value += term.Value * swept[term.Column][explained];
            foreach (var other in contrast.Where(other => isSwept[other.Column])) variance += term.Value * other.Value * swept[term.Column][other.Column];
        }

        return (value, variance);
    }

    /// <summary>The coefficient of a column that is added alone, its variance in units of the residual variance, and the sum of squares that is then left; null if the column is a sum of those of the model.</summary>
    /// <param name="added">The zero-based column among those that can be added.</param>
    /// <param name="square">The sum of the column's squares.</param>
    public (double Value, double Variance, double Residual)? Added(int added, double square)
    {
        var column = explained + 1 + added;
        var left = swept[column][column];
        if (left <= Smallest * square) return null;
        var product = swept[column][explained];
        return (product / left, 1 / left, Residual - product * product / left);
    }

    private bool Eliminate(double[][] products, int pivot, double smallest)
    {
        var own = products[pivot];
        if (own[0] <= smallest) return false;
        LogDeterminant += Math.Log(own[0]);
        int[] filled = [.. Enumerable.Range(1, own.Length - 1).Where(column => own[column] != 0)];
        for (var at = 0; at < filled.Length; at++)
        {
            var (factor, row, offset) = (own[filled[at]] / own[0], products[pivot + filled[at]], filled[at]);
            foreach (var column in filled.AsSpan(at)) row[column - offset] -= factor * own[column];
        }

        return true;
    }

    private static double[][] Symmetric(double[][] upper, int from)
    {
        var rows = new double[upper.Length - from][];
        for (var row = 0; row < rows.Length; row++) rows[row] = new double[rows.Length];
        for (var row = 0; row < rows.Length; row++)
            for (var column = row; column < rows.Length; column++) rows[row][column] = rows[column][row] = upper[from + row][column - row];
        return rows;
    }

    private void Sweep(int pivot)
    {
        var (own, square) = (swept[pivot], swept[pivot][pivot]);
        for (var column = 0; column < own.Length; column++) own[column] /= square;
        for (var row = 0; row < swept.Length; row++)
        {
            if (row == pivot) continue;
            var factor = swept[row][pivot];
            if (factor == 0) continue;
            for (var column = 0; column < own.Length; column++) swept[row][column] -= factor * own[column];
            swept[row][pivot] = -factor / square;
        }

        own[pivot] = 1 / square;
    }
}
